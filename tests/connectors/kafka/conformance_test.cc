// What holds for every log, on a real Kafka.
#include "tests/engine/log/conformance.h"

#include "tests/connectors/kafka/broker.h"

namespace dolen {
namespace {

class Kafka final : public LogUnderTest {
 public:
  Kafka() : prefix_(dolen::Unique("")) { Reopen(); }
  Log& log() override { return *log_; }
  void Reopen() override {
    log_ = nullptr;
    log_ = TestBroker::Shared().Open();
  }
  std::string Unique(const std::string& name) override { return prefix_ + name; }

 private:
  const std::string prefix_;
  std::unique_ptr<Log> log_;
};

INSTANTIATE_TEST_SUITE_P(Kafka, LogConformance,
                         testing::Values(LogFactory([] { return std::make_unique<Kafka>(); })));

}  // namespace
}  // namespace dolen
