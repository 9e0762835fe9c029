// The conformance suite on the two logs of this room.
#include "tests/engine/log/conformance.h"

#include "engine/log/local_log.h"
#include "engine/log/simulated_log.h"
#include "tests/engine/log/folder.h"

namespace dolen {
namespace {

class Local final : public LogUnderTest {
 public:
  Local() { Reopen(); }
  Log& log() override { return *log_; }
  void Reopen() override {
    log_ = nullptr;
    auto opened = LocalLog::Open(folder_.path() + "/a/log");
    ASSERT_TRUE(opened.ok()) << opened.status();
    log_ = *std::move(opened);
  }

 private:
  TestFolder folder_;
  std::unique_ptr<LocalLog> log_;
};

class Simulated final : public LogUnderTest {
 public:
  Log& log() override { return log_; }
  void Reopen() override {}  // it lives as long as its process

 private:
  SimulatedLog log_;
};

INSTANTIATE_TEST_SUITE_P(Local, LogConformance,
                         testing::Values(LogFactory([] { return std::make_unique<Local>(); })));
INSTANTIATE_TEST_SUITE_P(Simulated, LogConformance,
                         testing::Values(LogFactory([] { return std::make_unique<Simulated>(); })));

}  // namespace
}  // namespace dolen
