// Load on a serve that is killed again and again, and the judgement at the end.
#ifndef DOLEN_TESTS_CRASH_HARNESS_H_
#define DOLEN_TESTS_CRASH_HARNESS_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "tests/crash/judge.h"
#include "tests/crash/on_call.h"
#include "tests/crash/program.h"
#include "tests/crash/receiver.h"
#include "tests/crash/story.h"

namespace dolen {

// One agency that sends through the socket: batch after batch, each until it was acknowledged. What
// was acknowledged is not sent again, but for the story's own repetitions.
class Publisher {
 public:
  // `pause`: between two batches.
  Publisher(std::string socket, std::string agency, uint64_t seed, absl::Duration pause);
  ~Publisher();
  // Sends what the story has left open, and ends. A serve must run.
  void Finish();

  const Truth& truth() const { return story_.truth(); }  // after Finish
  int64_t acknowledged() const { return acknowledged_; }
  int64_t broken_off() const { return broken_off_; }

 private:
  void Run();
  void Send(const ledger::v1::Delivery& batch);

  const std::string socket_;
  const absl::Duration pause_;
  Story story_;
  std::atomic<bool> ending_{false}, giving_up_{false};
  std::atomic<int64_t> acknowledged_{0};  // values
  std::atomic<int64_t> broken_off_{0};    // batches sent again
  std::thread thread_;
};

// DOLEN_KILLS, else `otherwise`; DOLEN_SEED, else a random one.
int Kills(int otherwise);
uint64_t Seed();

// A serve under the load of two agencies, with somebody on call. A third agency says less; all of
// its alerts are sent to a receiver.
class Trial {
 public:
  // Runs the serve once, undisturbed, before there is load: a receiver that is new begins with what
  // comes.
  Trial(Where where, const std::string& folder, uint64_t seed);

  Serve& serve() { return serve_; }
  // Starts the serve and waits until it answers; a failure of the test if it does not.
  bool StartAndWait();
  // Waits until the notifier has taken its place in the alerts topic. A program whose broker goes
  // away before that ends.
  bool WaitForNotifier();
  // What the receiver is sent in the next life may be a repetition.
  void Kill();
  // Kills `count` times, 20 ms to `latest` after it answers, at moments from the seed; now and then
  // while it recovers. Now and then it takes a shard's store away, so that it must be folded anew.
  void KillAtRandom(int count, absl::Duration latest);
  // Waits until `more` further values were acknowledged.
  bool WaitForAcknowledged(int64_t more, absl::Duration patience);
  // Ends the load, waits until all is folded and told, stops the serve and compares everything.
  void Judge() { Judge(serve_.where()); }
  // ... with the log looked at through this place.
  void Judge(const Where& through);

 private:
  bool WaitUntilSettled();
  void Print(const AlertCounts& alerts, const LedgerCounts& ledger, const NoticeCounts& notices,
             int64_t actions);

  void NextLife();

  const std::string routing_;
  int life_ = 0;
  Receiver receiver_;
  Serve serve_;
  std::mt19937_64 random_;
  std::vector<std::unique_ptr<Publisher>> publishers_;
  OnCall on_call_;
  std::vector<absl::Duration> recoveries_;
  int kills_ = 0, early_kills_ = 0, stores_taken_ = 0;
  const absl::Time begun_;
  absl::Time load_ended_;
};

}  // namespace dolen

#endif  // DOLEN_TESTS_CRASH_HARNESS_H_
