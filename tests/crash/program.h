// The real program as a child process. Children are spawned, never forked: a process forked after a
// RocksDB was opened hangs. They end with the test, however that ends.
//
// The program is the one that the environment names by DOLEN, else the one of this build.
#ifndef DOLEN_TESTS_CRASH_PROGRAM_H_
#define DOLEN_TESTS_CRASH_PROGRAM_H_

#include <sys/types.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "connectors/http/client.h"

namespace dolen {

// A new folder under the tests' temporary folder, removed with this object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// Where an installation is, as flags of the program.
struct Where {
  std::string data;
  std::string kafka;  // empty: the local log
  std::string prefix = "dolen";
  std::map<std::string, std::string> properties;  // of its Kafka client
  std::vector<std::string> Flags() const;
};

struct Ran {
  int exit = -1;  // -1: ended by a signal
  std::string out;
};

// Runs one verb to its end, with the flags of `where` after it. Its errors go to the test's.
Ran RunVerb(const Where& where, std::vector<std::string> verb);

// The lines of JSON that a verb printed.
std::vector<std::string> LinesOf(const std::string& out);

// `dolen serve`, started again and again. For one thread.
class Serve {
 public:
  // `book` is published by the first start; empty: none is. Its messages are added to `log`.
  Serve(Where where, std::string book, std::string log);
  ~Serve();

  // From the next start on alerts go where this routing file says.
  void Route(std::string routing) { routing_ = std::move(routing); }
  void Start();
  // Waits until it answers; false: it ended, or did not answer in time.
  bool WaitUntilItAnswers(absl::Duration patience = absl::Seconds(60));
  void Kill();      // SIGKILL, and waits for the end
  int Stop();       // SIGTERM; the exit code, or -1
  void Pause();     // SIGSTOP
  void Continue();  // SIGCONT
  bool IsRunning();

  const Where& where() const { return where_; }
  std::string Socket() const { return where_.data + "/dolen.sock"; }
  // What all starts have said so far.
  std::string Messages() const;
  // The body of a good answer.
  absl::StatusOr<std::string> Get(std::vector<std::string> path);

 private:
  const Where where_;
  const std::string book_, log_;
  std::string routing_;  // empty: nobody is notified
  pid_t pid_ = -1;
  HttpClient client_;
};

// A book with one rule, SEEN: "report_made" to "child_seen" in two hours, with the levels due_soon
// (one hour before) and overdue. Writes it to `path`.
void WriteBook(const std::string& path);

}  // namespace dolen

#endif  // DOLEN_TESTS_CRASH_PROGRAM_H_
