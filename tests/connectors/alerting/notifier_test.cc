#include "connectors/alerting/notifier.h"

#include <gmock/gmock.h>

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "engine/log/simulated_log.h"
#include "tests/connectors/alerting/helpers.h"

namespace dolen {
namespace {

constexpr std::chrono::seconds kPatience(20);  // of a wait that ends as soon as it can

// Records what it took; may be made to hang.
class Fake final : public Destination {
 public:
  Delivery Deliver(const Notice& notice) override {
    std::unique_lock<std::mutex> lock(mutex_);
    called_.notify_all();
    ++calls_;
    called_.wait(lock, [&] { return !hangs_; });
    for (const Notice::Item& item : notice.items) {
      taken_.push_back(absl::StrCat(item.alert.alert_id(), item.alert.number(), " ", item.link));
    }
    called_.notify_all();
    return {Delivery::Outcome::kTaken, "ok", {}, false};
  }
  void Hang(bool hangs) {
    const std::lock_guard<std::mutex> lock(mutex_);
    hangs_ = hangs;
    called_.notify_all();
  }
  bool WaitForCall() {
    std::unique_lock<std::mutex> lock(mutex_);
    return called_.wait_for(lock, kPatience, [&] { return calls_ > 0; });
  }
  std::vector<std::string> WaitForTaken(size_t count) {
    std::unique_lock<std::mutex> lock(mutex_);
    called_.wait_for(lock, kPatience, [&] { return taken_.size() >= count; });
    return taken_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable called_;
  bool hangs_ = false;
  int calls_ = 0;
  std::vector<std::string> taken_;
};

struct Setting {
  Setting() { DOLEN_CHECK(log.CreateTopic({names.Alerts(), 2, true}).ok()); }
  // The fakes live in the notifier.
  absl::StatusOr<std::unique_ptr<Notifier>> Start() {
    Notifier::Options options;
    options.log = &log;
    options.names = names;
    options.file = FileOf(R"(
destination { name: "one" log_line {} }
destination { name: "two" log_line {} }
route { to: "one" to: "two" })");
    options.destinations["one"] = std::make_unique<Fake>();
    options.destinations["two"] = std::make_unique<Fake>();
    one = static_cast<Fake*>(options.destinations["one"].get());
    two = static_cast<Fake*>(options.destinations["two"].get());
    options.link = [](const alert::v1::Alert& alert) { return "link/" + alert.alert_id(); };
    return Notifier::Start(std::move(options));
  }
  void Tell(const alert::v1::Alert& alert) {
    auto appender = *log.OpenAppender();
    DOLEN_CHECK(
        appender->Append({names.Alerts(), 1}, alert.alert_id(), alert.SerializeAsString()).ok());
  }
  SimulatedLog log;
  TopicNames names;
  Fake *one = nullptr, *two = nullptr;
};

TEST(Notifier, ADestinationThatHangsHoldsUpNoOther) {
  Setting setting;
  auto notifier = *setting.Start();
  setting.one->Hang(true);
  setting.Tell(RaisedAlert("a"));
  ASSERT_TRUE(setting.one->WaitForCall());
  setting.Tell(RaisedAlert("b"));
  EXPECT_THAT(setting.two->WaitForTaken(2), testing::ElementsAre("a1 link/a", "b1 link/b"));
  const NotifierStatus status = notifier->Status();
  EXPECT_TRUE(status.reading.ok());
  ASSERT_EQ(status.destinations.size(), 2u);
  EXPECT_EQ(status.destinations[0].waiting, 2);
  setting.one->Hang(false);
  EXPECT_EQ(setting.one->WaitForTaken(2).size(), 2u);
}

TEST(Notifier, OfTwoTheOneThatStartedLastWorks) {
  Setting setting;
  auto first = *setting.Start();
  auto second = *setting.Start();
  setting.Tell(RaisedAlert("a"));
  EXPECT_EQ(setting.one->WaitForTaken(1).size(), 1u);
  first.reset();  // ends without help
  setting.Tell(RaisedAlert("b"));
  EXPECT_EQ(setting.one->WaitForTaken(2).size(), 2u);
  EXPECT_TRUE(second->Status().reading.ok());
}

TEST(Notifier, ADestinationOfTheFileThatWasNotMadeIsSaid) {
  Setting setting;
  Notifier::Options options;
  options.log = &setting.log;
  options.file = FileOf("destination { name: \"one\" log_line {} } route { to: \"one\" }");
  EXPECT_EQ(Notifier::Start(std::move(options)).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(Notifier, WhatIsNotNamedCannotBeSentAgain) {
  Setting setting;
  auto notifier = *setting.Start();
  EXPECT_EQ(*notifier->SendAgain("one"), 0);
  EXPECT_EQ(notifier->SendAgain("three").status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace dolen
