// TCP sockets of this machine alone.
#ifndef DOLEN_CONNECTORS_HTTP_LOOPBACK_H_
#define DOLEN_CONNECTORS_HTTP_LOOPBACK_H_

#include "absl/status/statusor.h"
#include "connectors/http/socket_file.h"

namespace dolen {

struct LoopbackListener {
  Descriptor fd;
  int port = 0;
};

// Listens on 127.0.0.1. `port` 0: any that is free. kUnavailable: the port is taken.
// kInvalidArgument: it is no port.
absl::StatusOr<LoopbackListener> ListenOnLoopbackPort(int port);

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_HTTP_LOOPBACK_H_
