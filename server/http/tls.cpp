#include "server/http/tls.h"

#include <openssl/err.h>

namespace vivavox {

Result<TlsContext> read_certificate(const std::string& certificate_file,
                                    const std::string& key_file) {
  TlsContext context(SSL_CTX_new(TLS_server_method()));
  SSL_CTX* const made = context.get();
  if (!made || SSL_CTX_set_min_proto_version(made, TLS1_2_VERSION) != 1 ||
      SSL_CTX_use_certificate_chain_file(made, certificate_file.c_str()) != 1 ||
      SSL_CTX_use_PrivateKey_file(made, key_file.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(made) != 1) {
    ERR_clear_error();
    return fail(ErrorCode::io_failed, "the TLS certificate or key could not be read: check " +
                                          certificate_file + " and " + key_file);
  }
  SSL_CTX_set_options(made, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  // An idle session keeps no buffers; what could not be written may be offered from elsewhere.
  SSL_CTX_set_mode(made, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                             SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  return context;
}

TlsSession open_session(SSL_CTX* context, int socket) {
  TlsSession session(SSL_new(context));
  if (!session || SSL_set_fd(session.get(), socket) != 1) return nullptr;
  SSL_set_accept_state(session.get());
  return session;
}

}  // namespace vivavox
