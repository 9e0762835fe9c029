// Somebody on call: answers open alerts through the socket, one after the other, as long as the
// serve lives and again when it is back.
#ifndef DOLEN_TESTS_CRASH_ON_CALL_H_
#define DOLEN_TESTS_CRASH_ON_CALL_H_

#include <atomic>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <thread>

namespace dolen {

class OnCall {
 public:
  OnCall(std::string socket, uint64_t seed);
  ~OnCall();
  void Finish();

  // Ids of the actions that were confirmed; after Finish.
  const std::set<std::string>& confirmed() const { return confirmed_; }

 private:
  void Run();
  // An open alert; empty: none, or nobody answers.
  std::string SomeAlert();
  void Answer(const std::string& alert);

  const std::string socket_;
  std::mt19937_64 random_;
  std::set<std::string> confirmed_;
  std::atomic<bool> ending_{false};
  std::thread thread_;
};

}  // namespace dolen

#endif  // DOLEN_TESTS_CRASH_ON_CALL_H_
