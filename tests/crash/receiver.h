// A webhook that outlives the program: keeps what it is sent, and in which life of the program.
// Now and then it dawdles before or after it keeps a notice, so that kills fall between its answer
// and the program's note of it.
#ifndef DOLEN_TESTS_CRASH_RECEIVER_H_
#define DOLEN_TESTS_CRASH_RECEIVER_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include "connectors/http/server.h"
#include "tests/crash/judge.h"

namespace dolen {

class Receiver {
 public:
  explicit Receiver(uint64_t seed);

  // A routing file at `path` by which this receiver gets every alert of `agency`, each by itself.
  // What the program sends after it has read this file counts as of its `life`.
  void WriteRouting(const std::string& path, const std::string& agency, int life) const;

  // In the order of their arrival.
  std::vector<Delivered> delivered() const;

 private:
  HttpResponse Take(const HttpRequest& request, int life);
  // Sleeps, now and then.
  void Dawdle();

  mutable std::mutex mutex_;  // guards all but the server
  std::mt19937_64 random_;
  std::vector<Delivered> delivered_;
  std::unique_ptr<HttpServer> server_;  // last: answers when all is there
};

}  // namespace dolen

#endif  // DOLEN_TESTS_CRASH_RECEIVER_H_
