#include "tests/crash/program.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "engine/base/check.h"

extern char** environ;

namespace dolen {
namespace {

constexpr absl::Duration kLook = absl::Milliseconds(2);
constexpr char kPartitions[] = "4";

constexpr char kBook[] = R"(
id: "crash"
version: "1"
owner: "tests"
zone: "Europe/London"
agency { id: "alpha" kind: "council" nation: "england" }
agency { id: "beta" kind: "school" nation: "england" }
agency { id: "gamma" kind: "charity" nation: "england" }
rule {
  id: "SEEN"
  start { is: "report_made" }
  stop { is: "child_seen" }
  limit { allow { hours: 2 } }
  accountable: "starter"
  level { name: "due_soon" offset { hours: -1 } audience: "starter" }
  level { name: "overdue" audience: "starter" }
  title { cy: "Gweld y plentyn: 2 awr" en: "Child seen: 2 hours" }
  source { title: "Made for tests" paragraph: "1" address: "https://example.org/" }
  weight: GUIDANCE
}
)";

std::string Dolen() {
  const char* given = getenv("DOLEN");
  return given == nullptr || *given == '\0' ? DOLEN_PROGRAM : given;
}

// Output and errors go to these files, opened for appending; empty: the test's own.
pid_t Spawn(const std::vector<std::string>& arguments, const std::string& out,
            const std::string& errors) {
  // The kernel ends it when the test ends; setpriv becomes the program, so its pid is the
  // program's.
  std::vector<std::string> words = {"setpriv", "--pdeathsig", "KILL", "--", Dolen()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  constexpr int kHow = O_WRONLY | O_CREAT | O_APPEND;
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  if (!out.empty()) {
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out.c_str(), kHow, 0600);
  }
  if (!errors.empty()) {
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors.c_str(), kHow, 0600);
  }
  pid_t pid = -1;
  const int failed = posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  DOLEN_CHECK(failed == 0);
  return pid;
}

int WaitFor(pid_t pid) {
  int status = 0;
  DOLEN_CHECK(waitpid(pid, &status, 0) == pid);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string Contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream all;
  all << file.rdbuf();
  return all.str();
}

}  // namespace

TemporaryFolder::TemporaryFolder() : path_(testing::TempDir() + "/dolen-crash-XXXXXX") {
  DOLEN_CHECK(mkdtemp(path_.data()) != nullptr);
}
TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  // What a failure left behind is worth a look.
  if (testing::Test::HasFailure() && getenv("DOLEN_KEEP") != nullptr) {
    std::fprintf(stderr, "kept: %s\n", path_.c_str());
  } else {
    std::filesystem::remove_all(path_, ignored);
  }
}

std::vector<std::string> Where::Flags() const {
  std::vector<std::string> flags = {"--data=" + data};
  if (kafka.empty()) return flags;
  flags.push_back("--kafka=" + kafka);
  flags.push_back("--prefix=" + prefix);
  flags.push_back(absl::StrCat("--partitions=", kPartitions));
  for (const auto& [name, value] : properties) {
    flags.push_back(absl::StrCat("--kafka-property=", name, "=", value));
  }
  return flags;
}

Ran RunVerb(const Where& where, std::vector<std::string> verb) {
  const std::vector<std::string> flags = where.Flags();
  verb.insert(verb.end(), flags.begin(), flags.end());
  const std::string out = where.data + ".out";
  std::filesystem::remove(out);
  Ran ran;
  ran.exit = WaitFor(Spawn(verb, out, ""));
  ran.out = Contents(out);
  return ran;
}

std::vector<std::string> LinesOf(const std::string& out) {
  return absl::StrSplit(out, '\n', absl::SkipEmpty());
}

Serve::Serve(Where where, std::string book, std::string log)
    : where_(std::move(where)),
      book_(std::move(book)),
      log_(std::move(log)),
      client_(where_.data + "/dolen.sock") {}

Serve::~Serve() {
  if (pid_ > 0) Kill();
}

void Serve::Start() {
  DOLEN_CHECK(pid_ < 0);
  std::vector<std::string> arguments = {"serve"};
  if (!book_.empty()) arguments.push_back("--book=" + book_);
  if (!routing_.empty()) arguments.push_back("--routing=" + routing_);
  for (const std::string& flag : where_.Flags()) arguments.push_back(flag);
  pid_ = Spawn(arguments, log_, log_);
}

bool Serve::IsRunning() {
  if (pid_ < 0) return false;
  siginfo_t info{};
  return waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == 0;
}

bool Serve::WaitUntilItAnswers(absl::Duration patience) {
  const absl::Time deadline = absl::Now() + patience;
  while (absl::Now() < deadline) {
    if (SomebodyListens(Socket()) && Get({"v1", "ends"}).ok()) return true;
    if (!IsRunning()) return false;
    absl::SleepFor(kLook);
  }
  return false;
}

void Serve::Kill() {
  DOLEN_CHECK(pid_ > 0);
  kill(pid_, SIGKILL);
  WaitFor(std::exchange(pid_, -1));
}

int Serve::Stop() {
  DOLEN_CHECK(pid_ > 0);
  kill(pid_, SIGTERM);
  return WaitFor(std::exchange(pid_, -1));
}

void Serve::Pause() {
  DOLEN_CHECK(pid_ > 0);
  kill(pid_, SIGSTOP);
}

void Serve::Continue() {
  DOLEN_CHECK(pid_ > 0);
  kill(pid_, SIGCONT);
}

std::string Serve::Messages() const { return Contents(log_); }

absl::StatusOr<std::string> Serve::Get(std::vector<std::string> path) {
  HttpRequest request;
  request.path = std::move(path);
  request.query["format"] = "json";
  request.query["limit"] = "1000000";
  absl::StatusOr<HttpResponse> response = client_.Call(request, absl::Seconds(60));
  if (!response.ok()) return response.status();
  if (response->status != 200) {
    return absl::UnknownError(absl::StrCat(response->status, " ", response->body));
  }
  return response->body;
}

void WriteBook(const std::string& path) {
  std::ofstream file(path);
  file << kBook;
  DOLEN_CHECK(file.good());
}

}  // namespace dolen
