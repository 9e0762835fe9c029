#include "tests/connectors/kafka/broker.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <fstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/base/digest.h"

namespace dolen {
namespace {

constexpr int kFirstPort = 29400;
constexpr int kDoors = 5;  // ports of one broker
constexpr int kSlots = 20;

std::string Script() { return DOLEN_SOURCE_DIR "/deploy/kafka/run-kafka"; }

bool PortIsFree(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool is_free = bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  close(fd);
  return is_free;
}

// The first port of a row of free ones. Starts at another place in each process, since several may
// look at the same time.
int FreePorts() {
  for (int i = 0; i < kSlots; ++i) {
    const int first = kFirstPort + kDoors * ((getpid() + i) % kSlots);
    bool all = true;
    for (int door = 0; door < kDoors; ++door) all = all && PortIsFree(first + door);
    if (all) return first;
  }
  return 0;
}

}  // namespace

std::unique_ptr<TestBroker> TestBroker::Start(const std::string& profile) {
  std::unique_ptr<TestBroker> broker(new TestBroker(""));
  broker->profile_ = profile;
  std::string folder = testing::TempDir() + "/dolen-kafka-XXXXXX";
  DOLEN_CHECK(mkdtemp(folder.data()) != nullptr);
  broker->folder_ = folder;
  broker->port_ = FreePorts();
  DOLEN_CHECK(broker->port_ != 0);
  broker->bootstrap_ = broker->At(0);
  // Its own session, so that an interrupt from the terminal does not end it before its work.
  const std::string keep = absl::StrCat("exec setsid sh -c 'cat; KAFKA_DIR=", folder, "/broker ",
                                        Script(), " stop; rm -rf ", folder, "' >/dev/null");
  broker->keeper_ = popen(keep.c_str(), "we");
  DOLEN_CHECK(broker->keeper_ != nullptr);
  broker->Restart();
  return broker;
}

TestBroker::~TestBroker() {
  if (keeper_ != nullptr) pclose(keeper_);
}

TestBroker& TestBroker::Shared() {
  static const char* given = getenv("DOLEN_TEST_KAFKA");
  if (given == nullptr || *given == '\0') return Mortal();
  static TestBroker broker{std::string(given)};
  return broker;
}

TestBroker& TestBroker::Mortal() {
  static std::unique_ptr<TestBroker> broker = Start("proxied");
  return *broker;
}

TestBroker& TestBroker::Secure() {
  static std::unique_ptr<TestBroker> broker = Start("secure");
  return *broker;
}

std::string TestBroker::At(int door) const { return absl::StrCat("127.0.0.1:", port_ + door); }

std::string TestBroker::Password(absl::string_view user) const {
  std::ifstream users(folder_ + "/broker/users");
  std::string name;
  std::string password;
  while (users >> name >> password) {
    if (name == user) return password;
  }
  ADD_FAILURE() << "no user " << user;
  return "";
}

KafkaOptions TestBroker::Options() const {
  KafkaOptions options;
  options.bootstrap = bootstrap_;
  options.replication = 1;
  return options;
}

std::unique_ptr<Log> TestBroker::Open() const {
  absl::StatusOr<std::unique_ptr<Log>> log = OpenKafkaLog(Options());
  if (!log.ok()) std::fprintf(stderr, "%s\n", log.status().ToString().c_str());
  DOLEN_CHECK(log.ok());
  return *std::move(log);
}

void TestBroker::Kill() {
  DOLEN_CHECK(!folder_.empty());
  Run("kill9");
}

void TestBroker::Restart() { DOLEN_CHECK(absl::StrContains(Run("start " + profile_), "ready")); }

std::string TestBroker::Run(const std::string& arguments) const {
  const std::string command = absl::StrCat("KAFKA_DIR=", folder_, "/broker KAFKA_PORT=", port_, " ",
                                           Script(), " ", arguments, " 2>&1 </dev/null");
  std::FILE* pipe = popen(command.c_str(), "re");
  DOLEN_CHECK(pipe != nullptr);
  std::string output;
  char buffer[4096];
  while (size_t n = fread(buffer, 1, sizeof(buffer), pipe)) output.append(buffer, n);
  const int status = pclose(pipe);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << command << "\n" << output;
  return output;
}

std::string Unique(absl::string_view name) {
  static const std::string process = ShortSha256Hex(RandomBytes(16)).substr(0, 8);
  static std::atomic<int> count = 0;
  return absl::StrCat("t.", process, ".", ++count, ".", name);
}

std::vector<NewEntry> Entries(const std::vector<std::string>& values) {
  std::vector<NewEntry> entries;
  for (const std::string& value : values) {
    NewEntry& entry = entries.emplace_back();
    entry.key = "k";
    entry.value = value;
  }
  return entries;
}

std::vector<NewEntry> One(const std::string& value) { return Entries({value}); }

std::vector<std::string> AllValues(Log& log, const TopicPartition& of, Holes holes) {
  std::vector<std::string> values;
  const absl::StatusOr<Bounds> bounds = log.BoundsOf(of);
  EXPECT_TRUE(bounds.ok()) << bounds.status();
  if (!bounds.ok()) return values;
  auto reader = log.Read(of, bounds->begin, holes);
  EXPECT_TRUE(reader.ok()) << reader.status();
  const absl::Time deadline = absl::Now() + absl::Seconds(60);
  while (reader.ok() && (*reader)->position() < bounds->end && absl::Now() < deadline) {
    const auto entries = (*reader)->Read(1000, absl::Seconds(1));
    if (absl::IsUnavailable(entries.status())) continue;
    EXPECT_TRUE(entries.ok()) << entries.status();
    if (!entries.ok()) return values;
    for (const Entry& entry : *entries) values.emplace_back(entry.value);
  }
  EXPECT_GE((*reader)->position(), bounds->end);
  return values;
}

}  // namespace dolen
