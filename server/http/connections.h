// This process's open connections, which cpp-httplib keeps to itself.
#pragma once

#include <httplib.h>

namespace vivavox {

/// Cuts the connection that `request` came over, which another thread is serving.
/// Looks it up among this process's sockets: slow, for clients that are to go.
void cut_connection(const httplib::Request& request);

/// Cuts all connections to a port of this process.
void cut_connections_to(int port);

}  // namespace vivavox
