#include "connectors/http/attempt.h"

#include <errno.h>
#include <sys/socket.h>

namespace dolen {
namespace {

bool IsTooEarly() { return errno == EAGAIN || errno == EWOULDBLOCK; }

}  // namespace

Attempt ReceiveOn(int fd, char* to, size_t most) {
  ssize_t count;
  do {
    count = recv(fd, to, most, MSG_DONTWAIT);
  } while (count < 0 && errno == EINTR);
  if (count > 0) return {AttemptEnd::kDone, static_cast<size_t>(count)};
  if (count == 0) return {AttemptEnd::kEnded};
  return {IsTooEarly() ? AttemptEnd::kWhenReadable : AttemptEnd::kBroken};
}

Attempt SendOn(int fd, absl::string_view bytes) {
  ssize_t count;
  do {
    // Without a signal, which would end the process where the other side has gone.
    count = send(fd, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  } while (count < 0 && errno == EINTR);
  if (count >= 0) return {AttemptEnd::kDone, static_cast<size_t>(count)};
  return {IsTooEarly() ? AttemptEnd::kWhenWritable : AttemptEnd::kBroken};
}

}  // namespace dolen
