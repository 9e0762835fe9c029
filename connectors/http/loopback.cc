#include "connectors/http/loopback.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "absl/strings/str_cat.h"

namespace dolen {

absl::StatusOr<LoopbackListener> ListenOnLoopbackPort(int port) {
  if (port < 0 || port > 65535) {
    return absl::InvalidArgumentError(absl::StrCat(port, " is no port: write 1 to 65535"));
  }
  LoopbackListener listener;
  listener.fd = Descriptor(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (listener.fd.get() < 0) return absl::ErrnoToStatus(errno, "cannot make a socket");
  // A port that a process has just left is free.
  const int yes = 1;
  (void)setsockopt(listener.fd.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  if (bind(listener.fd.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
      listen(listener.fd.get(), SOMAXCONN) != 0) {
    return absl::UnavailableError(absl::StrCat("cannot listen on 127.0.0.1:", port, ": ",
                                               absl::ErrnoToStatus(errno, "").message()));
  }
  if (getsockname(listener.fd.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    return absl::ErrnoToStatus(errno, "cannot tell the port");
  }
  listener.port = ntohs(address.sin_port);
  return listener;
}

}  // namespace dolen
