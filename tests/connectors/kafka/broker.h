// A real Apache Kafka for tests. With DOLEN_TEST_KAFKA=host:port the shared broker is that one;
// otherwise, and wherever a test must kill the broker or needs the secure profile, the tests start
// their own with deploy/kafka/run-kafka in a temporary folder. An own broker ends with the test
// process, however that ends.
#ifndef DOLEN_TESTS_CONNECTORS_KAFKA_BROKER_H_
#define DOLEN_TESTS_CONNECTORS_KAFKA_BROKER_H_

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "connectors/kafka/kafka_log.h"
#include "engine/log/log.h"

namespace dolen {

class TestBroker {
 public:
  // Plain, shared by all tests of the process; never killed.
  static TestBroker& Shared();
  // Plain, for tests that kill it or put a proxy before it; it runs when they get it.
  static TestBroker& Mortal();
  // With SASL, TLS and ACLs, users dolen, agency_a and agency_b.
  static TestBroker& Secure();

  ~TestBroker();
  TestBroker(const TestBroker&) = delete;
  TestBroker& operator=(const TestBroker&) = delete;

  // For the administrator, in the clear.
  const std::string& bootstrap() const { return bootstrap_; }
  // The secure profile's doors.
  std::string Sasl() const { return At(2); }
  std::string SaslTls() const { return At(3); }
  std::string MutualTls() const { return At(4); }
  std::string Password(absl::string_view user) const;
  // The mortal broker tells whoever comes in at PortBehindProxy to come back at PortOfProxy.
  int PortBehindProxy() const { return port_ + 2; }
  int PortOfProxy() const { return port_ + 3; }
  std::string folder() const { return folder_; }

  KafkaOptions Options() const;
  // A log on the broker; ends the process if there is none.
  std::unique_ptr<Log> Open() const;

  void Kill();     // kill -9
  void Restart();  // returns when clients may come
  // Runs deploy/kafka/run-kafka for this broker; its output and errors, or a test failure.
  std::string Run(const std::string& arguments) const;

 private:
  explicit TestBroker(std::string bootstrap) : bootstrap_(std::move(bootstrap)) {}
  static std::unique_ptr<TestBroker> Start(const std::string& profile);
  std::string At(int door) const;

  std::string bootstrap_;
  std::string profile_;
  std::string folder_;  // empty: not ours
  int port_ = 0;
  std::FILE* keeper_ = nullptr;  // a process that stops the broker when this end is closed
};

// "name" with a suffix that no other call and no other process uses.
std::string Unique(absl::string_view name);

// A batch for a fenced writer: values under the key "k".
std::vector<NewEntry> Entries(const std::vector<std::string>& values);
std::vector<NewEntry> One(const std::string& value);

// Values up to the end of the log, as it is now.
std::vector<std::string> AllValues(Log& log, const TopicPartition& of, Holes holes = Holes::kNever);

}  // namespace dolen

#endif  // DOLEN_TESTS_CONNECTORS_KAFKA_BROKER_H_
