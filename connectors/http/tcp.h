// TCP sockets: making one that listens, and who is at the other end of one.
#ifndef DOLEN_CONNECTORS_HTTP_TCP_H_
#define DOLEN_CONNECTORS_HTTP_TCP_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "connectors/http/socket_file.h"

namespace dolen {

struct TcpListener {
  Descriptor fd;
  int family = 0;
  int port = 0;
};

// Whether only this machine reaches `address`: 127.0.0.0/8 or ::1, in figures.
bool IsLoopback(const std::string& address);

// Listens on `address`, in figures: "127.0.0.1", "0.0.0.0" (all of IPv4), "::" (all, IPv4 too).
// `port` 0: any that is free. kUnavailable: the port is taken, or this machine has no such address.
// kInvalidArgument: it is no address, or no port.
absl::StatusOr<TcpListener> ListenOnTcpPort(const std::string& address, int port);

// The address of the other end, in figures; empty: it has none, as on a unix socket.
std::string PeerAddressOf(int fd);

// Sends what is written at once: an answer is written in one piece or two, and the second must not
// wait until the first is acknowledged. No effect on a unix socket.
void SendWithoutDelay(int fd);

// Breaks the connection when what was sent is not acknowledged for so long: the other end has gone
// without a word, as when a laptop is shut. The kernel's own patience is a quarter of an hour. No
// effect on a unix socket.
void GiveUpAfter(absl::Duration patience, int fd);

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_HTTP_TCP_H_
