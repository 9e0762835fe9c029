// Admission's intake where agencies write in transactions, whose marks take offsets: only a real
// broker writes those.
#include "engine/admission/intake.h"

#include <gtest/gtest.h>

#include "dolen/ledger/v1/ledger.pb.h"
#include "engine/admission/identity.h"
#include "tests/connectors/kafka/broker.h"

namespace dolen {
namespace {

constexpr absl::Duration kWait = absl::Seconds(30);
constexpr char kSecret[] = "the secret of the installation";

class KafkaIntakeTest : public testing::Test {
 protected:
  KafkaIntakeTest() : log_(TestBroker::Shared().Open()) {
    names_.prefix = Unique("intake");
    from_ = {names_.Intake("gwent"), 0};
    for (const std::string& topic :
         {names_.Ledger(), names_.Identity(), names_.Quarantine(), from_.topic}) {
      const absl::Status made = log_->CreateTopic({topic});
      EXPECT_TRUE(made.ok()) << made;
    }
    identity_ = IdentityLog::Open(log_.get(), names_, kSecret).value();
    AdmitterOptions options;
    options.secret = kSecret;
    options.clock = [this] { return now_; };
    admitter_ = Admitter::Open(log_.get(), names_, identity_.get(), options).value();
    intake_ = Intake::Open(log_.get(), names_, admitter_.get()).value();
  }
  // One transaction with one value; what it is does not matter to who is heard.
  void Send(const std::string& value) {
    const absl::Status sent = (*log_->OpenFencedWriter(from_, "gwent"))->Append(One(value));
    ASSERT_TRUE(sent.ok()) << sent;
  }
  // Pumps until the position behind the last mark is committed.
  void PumpTo(int64_t position) {
    const absl::Time deadline = absl::Now() + kWait;
    while (*log_->Committed("dolen-admission", from_) < position && absl::Now() < deadline) {
      const auto pumped = intake_->Pump(100, absl::Milliseconds(100));
      ASSERT_TRUE(pumped.ok()) << pumped.status();
    }
    ASSERT_EQ(*log_->Committed("dolen-admission", from_), position);
  }
  std::vector<int64_t> Heard() {
    std::vector<int64_t> counts;
    ledger::v1::Record record;
    for (const std::string& value : AllValues(*log_, {names_.Ledger(), 0})) {
      EXPECT_TRUE(record.ParseFromString(value));
      if (record.has_heard()) counts.push_back(record.heard().count());
    }
    return counts;
  }

  std::unique_ptr<Log> log_;
  TopicNames names_;
  TopicPartition from_;
  absl::Time now_ = absl::FromUnixSeconds(1772452800);
  std::unique_ptr<IdentityLog> identity_;
  std::unique_ptr<Admitter> admitter_;
  std::unique_ptr<Intake> intake_;
};

// The mark of a transaction moves the position, and so an agency that said nothing more was heard
// again a minute after each of its messages.
TEST_F(KafkaIntakeTest, TheMarkOfATransactionIsNotHeard) {
  Send("broken, but heard");
  PumpTo(2);
  const std::vector<int64_t> first = Heard();
  ASSERT_EQ(first.size(), 1);
  now_ += absl::Minutes(2);
  ASSERT_TRUE(intake_->Pump(100, absl::ZeroDuration()).ok());
  EXPECT_EQ(Heard(), first) << "nobody spoke";
  Send("spoken again");
  PumpTo(4);
  EXPECT_EQ(Heard().size(), 2);
}

}  // namespace
}  // namespace dolen
