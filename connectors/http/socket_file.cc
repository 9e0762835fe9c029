#include "connectors/http/socket_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "engine/base/status.h"

namespace dolen {
namespace {

struct Address {
  Descriptor folder;  // keeps `name` valid where it leads through /proc/self/fd
  sockaddr_un name;
};

absl::Status ErrnoStatus(const std::string& what, const std::string& path) {
  return absl::ErrnoToStatus(errno, absl::StrCat(what, " ", path));
}

absl::StatusOr<Address> AddressOf(const std::string& path) {
  if (path.empty() || path.find('\0') != std::string::npos) {
    return absl::InvalidArgumentError("the path of the socket is empty or holds a zero byte");
  }
  Address address;
  std::memset(&address.name, 0, sizeof(address.name));
  address.name.sun_family = AF_UNIX;
  std::string name = path;
  if (name.size() >= sizeof(address.name.sun_path)) {
    const size_t slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    address.folder = Descriptor(open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (address.folder.get() < 0) return ErrnoStatus("cannot open the folder", folder);
    name = absl::StrCat("/proc/self/fd/", address.folder.get(), "/", path.substr(slash + 1));
  }
  if (name.size() >= sizeof(address.name.sun_path)) {
    return absl::InvalidArgumentError(absl::StrCat("the name of the socket is too long: ", path));
  }
  std::memcpy(address.name.sun_path, name.data(), name.size());
  return address;
}

absl::StatusOr<Descriptor> NewSocket() {
  Descriptor fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (fd.get() < 0) return absl::ErrnoToStatus(errno, "cannot make a socket");
  return fd;
}

absl::Status InUse(const std::string& path) {
  return absl::FailedPreconditionError(
      absl::StrCat("another process already answers on ", path, "; stop it first, or use it"));
}

// Only one server at a time goes past this.
absl::StatusOr<Descriptor> Lock(const std::string& path) {
  const std::string lock_path = path + ".lock";
  Descriptor lock(open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (lock.get() < 0) return ErrnoStatus("cannot open", lock_path);
  while (flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return InUse(path);
    if (errno != EINTR) return ErrnoStatus("cannot lock", lock_path);
  }
  return lock;
}

absl::Status RemoveStale(const std::string& path) {
  struct stat file;
  if (lstat(path.c_str(), &file) != 0) {
    return errno == ENOENT ? absl::OkStatus() : ErrnoStatus("cannot look at", path);
  }
  if (!S_ISSOCK(file.st_mode)) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, " is in the way: it is not a socket, so it is left alone"));
  }
  // Whoever listens without holding the lock is no server of ours, but alive all the same.
  const absl::StatusOr<Descriptor> connected = ConnectTo(path, absl::Seconds(1));
  if (connected.ok() || absl::IsDeadlineExceeded(connected.status())) return InUse(path);
  if (!absl::IsUnavailable(connected.status())) return connected.status();
  if (unlink(path.c_str()) != 0 && errno != ENOENT) return ErrnoStatus("cannot remove", path);
  return absl::OkStatus();
}

absl::Status NobodyAnswers(const std::string& path, const char* why) {
  return absl::UnavailableError(absl::StrCat("nobody answers on ", path, " (", why,
                                             "): is dolen serve running with this data folder?"));
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) close(fd_);
}

absl::StatusOr<std::unique_ptr<SocketFile>> SocketFile::Listen(const std::string& path) {
  DOLEN_ASSIGN_OR_RETURN(const Address address, AddressOf(path));
  DOLEN_ASSIGN_OR_RETURN(Descriptor lock, Lock(path));
  DOLEN_RETURN_IF_ERROR(RemoveStale(path));
  DOLEN_ASSIGN_OR_RETURN(Descriptor listener, NewSocket());
  std::unique_ptr<SocketFile> file(new SocketFile(path, std::move(lock)));
  if (bind(listener.get(), reinterpret_cast<const sockaddr*>(&address.name),
           sizeof(address.name)) != 0) {
    return ErrnoStatus("cannot make the socket", path);
  }
  struct stat made;
  if (lstat(path.c_str(), &made) != 0) return ErrnoStatus("cannot look at", path);
  file->inode_ = made.st_ino;
  // Nobody can connect before listen(), so nobody slips in while the umask's mode stands.
  if (chmod(path.c_str(), 0600) != 0) return ErrnoStatus("cannot set the mode of", path);
  if (listen(listener.get(), SOMAXCONN) != 0) return ErrnoStatus("cannot listen on", path);
  file->listener_ = std::move(listener);
  return file;
}

SocketFile::~SocketFile() {
  if (inode_ == 0) return;
  // Only what this object made: somebody may have moved the data folder and put another there.
  struct stat now;
  if (lstat(path_.c_str(), &now) == 0 && S_ISSOCK(now.st_mode) && now.st_ino == inode_) {
    unlink(path_.c_str());
  }
}

absl::StatusOr<Descriptor> ConnectTo(const std::string& path, absl::Duration timeout) {
  absl::StatusOr<Address> address = AddressOf(path);
  if (!address.ok()) {
    if (absl::IsNotFound(address.status())) return NobodyAnswers(path, "no such folder");
    return address.status();
  }
  DOLEN_ASSIGN_OR_RETURN(Descriptor fd, NewSocket());
  // A blocking connect() on a unix socket waits for room in the queue as long as a send would; zero
  // would mean for ever.
  const timeval wait = absl::ToTimeval(std::clamp(timeout, absl::Milliseconds(1), absl::Hours(24)));
  if (setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait)) != 0) {
    return ErrnoStatus("cannot set the time-out of a socket to", path);
  }
  while (connect(fd.get(), reinterpret_cast<const sockaddr*>(&address->name),
                 sizeof(address->name)) != 0) {
    switch (errno) {
      case EINTR:
        continue;
      case ENOENT:
      case ENOTDIR:
        return NobodyAnswers(path, "no such socket");
      case ECONNREFUSED:
      case ECONNRESET:
        return NobodyAnswers(path, "left behind by a process that ended");
      case EAGAIN:
        return absl::DeadlineExceededError(
            absl::StrCat("no connection to ", path, " within ", absl::FormatDuration(timeout)));
      case EACCES:
      case EPERM:
        return absl::PermissionDeniedError(absl::StrCat(
            path, " belongs to another user: run this as the user who runs dolen serve"));
      default:
        return ErrnoStatus("cannot connect to", path);
    }
  }
  return fd;
}

}  // namespace dolen
