// Other programs for tests: servers that run as children of the test and end with it, and short
// commands. A program that is not installed fails the test and says which package has it.
#ifndef DOLEN_TESTS_CONNECTORS_ALERTING_SERVER_H_
#define DOLEN_TESTS_CONNECTORS_ALERTING_SERVER_H_

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace dolen {

// Longer than anything takes unless it hangs.
inline constexpr absl::Duration kPatience = absl::Seconds(20);

// A file of this test folder's servers/.
std::string ServerScript(absl::string_view name);
// Debian's own Python, which sees Debian's packages.
inline constexpr char kPython[] = "/usr/bin/python3";

class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }
  std::string Path(absl::string_view name) const;
  std::string Write(absl::string_view name, absl::string_view text) const;  // returns its path

 private:
  std::string path_;
};

// A child process. Its standard input stays open until it is to end; the kernel ends it should the
// test die.
class Server {
 public:
  // What it prints goes to the file `log`.
  Server(const std::vector<std::string>& command, std::string log);
  ~Server() { Stop(); }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // The number in its line "ready PORT"; 0 and a test failure with its log where none comes.
  int AwaitPort() const;
  // Until somebody listens there; false and a test failure where nobody does.
  bool AwaitListening(int port) const;
  // By its process id; waits until it has ended.
  void Stop();

 private:
  bool HasEnded() const;
  const std::string log_;
  mutable pid_t pid_ = -1;
  int input_ = -1;
};

// A port on loopback that nobody listens on.
int FreePort();

std::string ReadFile(const std::string& path);

struct Ran {
  int status = -1;     // the exit status
  std::string output;  // standard output and error
};
// A shell's command with this on its standard input.
Ran RunCommand(const std::string& command, absl::string_view input = "");

// GET on loopback; the body, empty where there is no answer of 200.
std::string HttpGet(int port, const std::string& path);

// Until `is_so`; false when it is not within kPatience.
template <typename F>
bool Await(F is_so) {
  const absl::Time end = absl::Now() + kPatience;
  while (!is_so()) {
    if (absl::Now() > end) return false;
    absl::SleepFor(absl::Milliseconds(20));
  }
  return true;
}

}  // namespace dolen

#endif  // DOLEN_TESTS_CONNECTORS_ALERTING_SERVER_H_
