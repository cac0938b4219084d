// A server's side of TLS, by OpenSSL.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

#include "engine/error.h"

namespace vivavox {

struct TlsFree {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* session) const { SSL_free(session); }
};
using TlsContext = std::unique_ptr<SSL_CTX, TlsFree>;
using TlsSession = std::unique_ptr<SSL, TlsFree>;

/// What a server shows, of two PEM files. Errors: io_failed.
Result<TlsContext> read_certificate(const std::string& certificate_file,
                                    const std::string& key_file);

/// A server's session over a connected socket, which it does not own.
TlsSession open_session(SSL_CTX* context, int socket);

}  // namespace vivavox
