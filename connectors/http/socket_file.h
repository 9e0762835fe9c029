// Unix sockets at a path: making one that only its owner may use, and reaching one. Paths longer
// than a socket's address (107 bytes) work too, through the folder's descriptor.
#ifndef DOLEN_CONNECTORS_HTTP_SOCKET_FILE_H_
#define DOLEN_CONNECTORS_HTTP_SOCKET_FILE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace dolen {

// Owns a file descriptor.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor();
  int get() const { return fd_; }
  int Release() { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

// A listening socket and its file, which is removed with it. Beside it lies `path`.lock, locked
// while a server lives and never removed: the lock ends with its process however that ends, so a
// socket file whose lock is free is stale, and two servers that start at once cannot both win.
class SocketFile {
 public:
  // The file has mode 0600 whatever the umask, before anybody can connect. A stale socket is
  // replaced. kFailedPrecondition: a process listens there, or something else than a socket does
  // lie there. The folder must exist (kNotFound).
  static absl::StatusOr<std::unique_ptr<SocketFile>> Listen(const std::string& path);
  ~SocketFile();
  SocketFile(const SocketFile&) = delete;
  SocketFile& operator=(const SocketFile&) = delete;

  // Gives the listening socket away; the file stays this object's.
  int ReleaseListener() { return listener_.Release(); }

 private:
  SocketFile(std::string path, Descriptor lock) : path_(std::move(path)), lock_(std::move(lock)) {}

  const std::string path_;
  Descriptor lock_;
  Descriptor listener_;
  uint64_t inode_ = 0;  // of the file that this object made; 0: none
};

// Connects, waiting at most `timeout` where the listener's queue is full (kDeadlineExceeded).
// kUnavailable: nobody listens. kPermissionDenied: the socket is another user's.
absl::StatusOr<Descriptor> ConnectTo(const std::string& path, absl::Duration timeout);

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_HTTP_SOCKET_FILE_H_
