// The client's side of HTTP for benchmarks: requests at fixed instants whatever the answers take,
// and many readers of streams on one thread. Loopback, no TLS, no compression.
#ifndef DOLEN_BENCHMARKS_PLAIN_HTTP_H_
#define DOLEN_BENCHMARKS_PLAIN_HTTP_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace dolen {

struct PlainAnswer {
  int status = 0;
  std::string body;
};

// A whole request, ready to be sent. `headers` end in "\r\n" each.
std::string PlainRequest(const std::string& method, const std::string& target,
                         const std::string& headers, const std::string& body = "");

// One connection that is kept. For one thread; the program ends if the server cannot be reached.
class PlainConnection {
 public:
  explicit PlainConnection(int port);
  ~PlainConnection();
  PlainConnection(const PlainConnection&) = delete;
  PlainConnection& operator=(const PlainConnection&) = delete;
  // kUnavailable: the server has closed the connection.
  absl::StatusOr<PlainAnswer> Ask(const std::string& request);

 private:
  const int fd_;
};

// One kind of reads: which request is sent at which turn, and what came of it.
struct ReadsOf {
  std::function<const std::string&(int64_t turn)> request;
  std::vector<double> milliseconds;  // ascending; from when it should have been sent
  int64_t failed = 0;                // not answered with 200
};

// Sends `a_second` reads for so long, the kinds by turns, over so many connections. Each is due at
// a fixed instant; where no connection is free then, the wait counts as part of its time.
void ReadAtRate(int port, double a_second, absl::Duration duration, int connections,
                std::vector<ReadsOf>& kinds);

// The value below which so much of it lies; 0: there is none. `sorted`: ascending.
double ShareOf(const std::vector<double>& sorted, double share);

// Readers of streams: one thread reads all of them. Callbacks come on that thread.
class PlainFollowers {
 public:
  // `on_bytes`: what one of them got, which may begin and end within a line.
  using OnBytes = std::function<void(size_t reader, absl::Time at, const std::string& bytes)>;
  PlainFollowers(int port, std::vector<std::string> requests, OnBytes on_bytes);
  ~PlainFollowers();  // goes away without a word
  PlainFollowers(const PlainFollowers&) = delete;
  PlainFollowers& operator=(const PlainFollowers&) = delete;
  int64_t ended() const { return ended_; }  // streams that the server has closed
  int64_t bytes() const { return bytes_; }

 private:
  void Run();
  const OnBytes on_bytes_;
  std::vector<int> fds_;
  int poll_ = -1;
  std::atomic<int64_t> ended_{0};
  std::atomic<int64_t> bytes_{0};
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace dolen

#endif  // DOLEN_BENCHMARKS_PLAIN_HTTP_H_
