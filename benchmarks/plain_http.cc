#include "benchmarks/plain_http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/base/check.h"

namespace dolen {
namespace {

int Connected(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  DOLEN_CHECK(fd >= 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  DOLEN_CHECK(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  return fd;
}

void SendAll(int fd, const std::string& bytes) {
  for (size_t done = 0; done < bytes.size();) {
    const ssize_t sent = send(fd, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
    if (sent <= 0) return;  // the answer will be missing
    done += static_cast<size_t>(sent);
  }
}

// Appends what there is; false: the other side has closed.
bool Receive(int fd, std::string& bytes) {
  char buffer[64 * 1024];
  const ssize_t count = recv(fd, buffer, sizeof(buffer), 0);
  if (count <= 0) return false;
  bytes.append(buffer, static_cast<size_t>(count));
  return true;
}

}  // namespace

std::string PlainRequest(const std::string& method, const std::string& target,
                         const std::string& headers, const std::string& body) {
  const std::string length =
      body.empty()
          ? ""
          : absl::StrCat("content-type: application/json\r\ncontent-length: ", body.size(), "\r\n");
  return absl::StrCat(method, " ", target, " HTTP/1.1\r\nhost: localhost\r\n", headers, length,
                      "\r\n", body);
}

PlainConnection::PlainConnection(int port) : fd_(Connected(port)) {}
PlainConnection::~PlainConnection() { close(fd_); }

absl::StatusOr<PlainAnswer> PlainConnection::Ask(const std::string& request) {
  SendAll(fd_, request);
  std::string bytes;
  size_t head = std::string::npos;
  while ((head = bytes.find("\r\n\r\n")) == std::string::npos) {
    if (!Receive(fd_, bytes)) return absl::UnavailableError("the connection was closed");
  }
  PlainAnswer answer;
  const std::string lines = absl::AsciiStrToLower(bytes.substr(0, head + 2));
  constexpr char kLength[] = "\r\ncontent-length: ";
  const size_t at = lines.find(kLength);
  size_t length = 0;
  if (lines.size() < 12 || !absl::SimpleAtoi(lines.substr(9, 3), &answer.status) ||
      at == std::string::npos ||
      !absl::SimpleAtoi(lines.substr(at + sizeof(kLength) - 1,
                                     lines.find("\r\n", at + 2) - at - sizeof(kLength) + 1),
                        &length)) {
    return absl::UnavailableError("the answer has no status or no length");
  }
  while (bytes.size() < head + 4 + length) {
    if (!Receive(fd_, bytes)) return absl::UnavailableError("the connection was closed");
  }
  answer.body = bytes.substr(head + 4, length);
  return answer;
}

void ReadAtRate(int port, double a_second, absl::Duration duration, int connections,
                std::vector<ReadsOf>& kinds) {
  const absl::Time begun = absl::Now() + absl::Milliseconds(50);
  const int64_t all = static_cast<int64_t>(a_second * absl::ToDoubleSeconds(duration));
  std::atomic<int64_t> next{0};
  std::vector<std::vector<ReadsOf>> of_thread(static_cast<size_t>(connections), kinds);
  std::vector<std::thread> threads;
  for (std::vector<ReadsOf>& mine : of_thread) {
    threads.emplace_back([&] {
      PlainConnection connection(port);
      for (int64_t turn = next++; turn < all; turn = next++) {
        const absl::Time due = begun + absl::Seconds(static_cast<double>(turn) / a_second);
        absl::SleepFor(due - absl::Now());
        ReadsOf& kind = mine[static_cast<size_t>(turn) % mine.size()];
        const absl::StatusOr<PlainAnswer> answer = connection.Ask(kind.request(turn));
        kind.milliseconds.push_back(absl::ToDoubleMilliseconds(absl::Now() - due));
        if (!answer.ok() || answer->status != 200) ++kind.failed;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::vector<ReadsOf>& mine : of_thread) {
    for (size_t i = 0; i < kinds.size(); ++i) {
      kinds[i].failed += mine[i].failed;
      kinds[i].milliseconds.insert(kinds[i].milliseconds.end(), mine[i].milliseconds.begin(),
                                   mine[i].milliseconds.end());
    }
  }
  for (ReadsOf& kind : kinds) std::sort(kind.milliseconds.begin(), kind.milliseconds.end());
}

double ShareOf(const std::vector<double>& sorted, double share) {
  if (sorted.empty()) return 0;
  return sorted[static_cast<size_t>(share * static_cast<double>(sorted.size() - 1))];
}

PlainFollowers::PlainFollowers(int port, std::vector<std::string> requests, OnBytes on_bytes)
    : on_bytes_(std::move(on_bytes)), poll_(epoll_create1(EPOLL_CLOEXEC)) {
  DOLEN_CHECK(poll_ >= 0);
  thread_ = std::thread([this] { Run(); });
  for (size_t i = 0; i < requests.size(); ++i) {
    fds_.push_back(Connected(port));
    SendAll(fds_.back(), requests[i]);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = (static_cast<uint64_t>(i) << 32) | static_cast<uint32_t>(fds_.back());
    DOLEN_CHECK(epoll_ctl(poll_, EPOLL_CTL_ADD, fds_.back(), &event) == 0);
  }
}

PlainFollowers::~PlainFollowers() {
  stopping_ = true;
  thread_.join();
  for (const int fd : fds_) close(fd);
  close(poll_);
}

void PlainFollowers::Run() {
  epoll_event events[64];
  std::string bytes;
  while (!stopping_) {
    const int count = epoll_wait(poll_, events, 64, 20);
    const absl::Time at = absl::Now();
    for (int i = 0; i < count; ++i) {
      const int fd = static_cast<int>(events[i].data.u64 & 0xffffffff);
      bytes.clear();
      if (Receive(fd, bytes)) {
        bytes_ += static_cast<int64_t>(bytes.size());
        on_bytes_(events[i].data.u64 >> 32, at, bytes);
      } else {
        ++ended_;
        epoll_ctl(poll_, EPOLL_CTL_DEL, fd, nullptr);
      }
    }
  }
}

}  // namespace dolen
