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

  // A routing file in `folder` by which this receiver gets every alert of `agency`, each by itself.
  // Returns its path.
  std::string WriteRouting(const std::string& folder, const std::string& agency) const;

  // The program was interrupted: what comes from now on comes from another life of it. Waits until
  // what it had sent is kept.
  void NextLife();
  // In the order of their arrival.
  std::vector<Delivered> delivered() const;

 private:
  HttpResponse Take(const HttpRequest& request);
  // Sleeps, now and then.
  void Dawdle();

  mutable std::mutex mutex_;  // guards all but the server
  std::mt19937_64 random_;
  int life_ = 0;
  int taking_ = 0;  // notices that are being taken
  std::vector<Delivered> delivered_;
  std::unique_ptr<HttpServer> server_;  // last: answers when all is there
};

}  // namespace dolen

#endif  // DOLEN_TESTS_CRASH_RECEIVER_H_
