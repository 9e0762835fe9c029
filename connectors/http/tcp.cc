#include "connectors/http/tcp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"

namespace dolen {
namespace {

// Large enough for either family.
union Address {
  sockaddr any;
  sockaddr_in four;
  sockaddr_in6 six;
};

absl::optional<Address> Parse(const std::string& text) {
  Address address{};
  if (inet_pton(AF_INET, text.c_str(), &address.four.sin_addr) == 1) {
    address.four.sin_family = AF_INET;
    return address;
  }
  address = {};
  if (inet_pton(AF_INET6, text.c_str(), &address.six.sin6_addr) == 1) {
    address.six.sin6_family = AF_INET6;
    return address;
  }
  return absl::nullopt;
}

socklen_t SizeOf(const Address& address) {
  return address.any.sa_family == AF_INET ? sizeof(address.four) : sizeof(address.six);
}

void SetPort(int port, Address& address) {
  const in_port_t number = htons(static_cast<uint16_t>(port));
  (address.any.sa_family == AF_INET ? address.four.sin_port : address.six.sin6_port) = number;
}

int PortOf(const Address& address) {
  return ntohs(address.any.sa_family == AF_INET ? address.four.sin_port : address.six.sin6_port);
}

absl::Status CannotListen(const std::string& address, int port) {
  return absl::UnavailableError(absl::StrCat("cannot listen on ", address, ", port ", port, ": ",
                                             absl::ErrnoToStatus(errno, "").message()));
}

}  // namespace

bool IsLoopback(const std::string& address) {
  const absl::optional<Address> parsed = Parse(address);
  if (!parsed) return false;
  if (parsed->any.sa_family == AF_INET) return ntohl(parsed->four.sin_addr.s_addr) >> 24 == 127;
  return IN6_IS_ADDR_LOOPBACK(&parsed->six.sin6_addr);
}

absl::StatusOr<TcpListener> ListenOnTcpPort(const std::string& address, int port) {
  absl::optional<Address> where = Parse(address);
  if (!where) {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", address, "\" is no address to listen on: write it in figures, as 127.0.0.1 or ::1"));
  }
  if (port < 0 || port > 65535) {
    return absl::InvalidArgumentError(absl::StrCat(port, " is no port: write 1 to 65535"));
  }
  SetPort(port, *where);
  TcpListener listener;
  listener.family = where->any.sa_family;
  listener.fd = Descriptor(socket(listener.family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int fd = listener.fd.get();
  if (fd < 0) return absl::ErrnoToStatus(errno, "cannot make a socket");
  // A port that a process has just left is free.
  const int yes = 1, no = 0;
  (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  if (listener.family == AF_INET6) {
    (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof(no));
  }
  socklen_t size = SizeOf(*where);
  if (bind(fd, &where->any, size) != 0 || listen(fd, SOMAXCONN) != 0) {
    return CannotListen(address, port);
  }
  if (getsockname(fd, &where->any, &size) != 0) {
    return absl::ErrnoToStatus(errno, "cannot tell the port");
  }
  listener.port = PortOf(*where);
  return listener;
}

std::string PeerAddressOf(int fd) {
  // As large as a unix socket's address, which is told apart by its family.
  union {
    Address address;
    sockaddr_storage storage;
  } peer{};
  socklen_t size = sizeof(peer);
  if (getpeername(fd, &peer.address.any, &size) != 0) return "";
  char text[INET6_ADDRSTRLEN] = "";
  if (peer.address.any.sa_family == AF_INET) {
    inet_ntop(AF_INET, &peer.address.four.sin_addr, text, sizeof(text));
  } else if (peer.address.any.sa_family == AF_INET6) {
    inet_ntop(AF_INET6, &peer.address.six.sin6_addr, text, sizeof(text));
  }
  // An IPv4 client of a socket that listens on "::" is the same client as on one of IPv4.
  const absl::string_view address = text;
  return std::string(absl::StartsWith(address, "::ffff:") && absl::StrContains(address, '.')
                         ? address.substr(7)
                         : address);
}

void SendWithoutDelay(int fd) {
  const int yes = 1;
  (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
}

void GiveUpAfter(absl::Duration patience, int fd) {
  const auto milliseconds = static_cast<unsigned>(absl::ToInt64Milliseconds(patience));
  (void)setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, sizeof(milliseconds));
}

}  // namespace dolen
