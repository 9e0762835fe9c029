// Bytes that nobody meant to send: never a crash, and never a meaning that protobuf does not see.
#include <gtest/gtest.h>

#include <cstdio>
#include <random>
#include <string>

#include "engine/admission/check.h"
#include "engine/admission/record.h"
#include "tests/engine/admission/support.h"

namespace dolen {
namespace {

constexpr uint32_t kSeed = 20260302;

// What is admitted must parse with protobuf's own parser and say the same.
void ExpectProtobufAgrees(const CheckedEvent& checked) {
  event::v1::Event event;
  ASSERT_TRUE(
      event.ParseFromArray(checked.message.data(), static_cast<int>(checked.message.size())));
  EXPECT_EQ(event.contract(), 1u);
  EXPECT_EQ(event.open().agency(), kAgency);
  EXPECT_TRUE(event.open().has_occurred());
  EXPECT_NE(event.open().occurred().at_case(), event::v1::When::AT_NOT_SET);
  EXPECT_TRUE(event::v1::Kind_IsValid(event.open().kind()));
  ASSERT_EQ(event.private_().child_size(), static_cast<int>(checked.Identifiers().size()));
  for (int i = 0; i < event.private_().child_size(); ++i) {
    EXPECT_EQ(event.private_().child(i).issuer(), std::string(checked.Identifiers()[i].issuer));
    EXPECT_EQ(event.private_().child(i).value(), std::string(checked.Identifiers()[i].value));
  }
  event::v1::Open open;
  ASSERT_TRUE(open.ParseFromArray(checked.open.data(), static_cast<int>(checked.open.size())));
  EXPECT_EQ(open.SerializeAsString(), event.open().SerializeAsString());
}

TEST(RobustnessTest, NoPrefixOfAnEventIsAdmitted) {
  const std::string good = GoodEvent().SerializeAsString();
  for (size_t size = 0; size < good.size(); ++size) {
    // A copy of its own, so that a sanitizer sees a read beyond the end.
    const std::string prefix(good, 0, size);
    const std::string verdict = Verdict(ReceivedOf(prefix));
    const bool is_expected = verdict == "truncated" || verdict == "empty" ||
                             verdict == "missing_open" || verdict == "missing_private";
    EXPECT_TRUE(is_expected) << size << " " << verdict;
  }
}

TEST(RobustnessTest, FlippedBytesNeverMeanWhatProtobufDoesNotSee) {
  const std::string good = GoodEvent().SerializeAsString();
  std::mt19937 random(kSeed);
  int admitted = 0, refused = 0;
  for (int round = 0; round < 60000; ++round) {
    std::string value = good;
    const int flips = 1 + static_cast<int>(random() % 3);
    for (int i = 0; i < flips; ++i) {
      value[random() % value.size()] ^= static_cast<char>(1u << (random() % 8));
    }
    const auto checked = CheckEvent(ReceivedOf(value), Noon());
    if (const auto* event = absl::get_if<CheckedEvent>(&checked)) {
      ++admitted;
      ExpectProtobufAgrees(*event);
      if (HasFailure()) FAIL() << "seed " << kSeed << " round " << round;
    } else {
      ++refused;
    }
  }
  // Most flips hit texts, which may say anything; both must occur for the test to mean something.
  EXPECT_GT(admitted, 1000);
  EXPECT_GT(refused, 1000);
}

TEST(RobustnessTest, InsertedAndRemovedBytesNeverCrash) {
  const std::string good = GoodEvent().SerializeAsString();
  std::mt19937 random(kSeed + 1);
  for (int round = 0; round < 60000; ++round) {
    std::string value = good;
    const size_t at = random() % value.size();
    if (random() % 2 == 0) {
      value.erase(at, 1 + random() % 8);
    } else {
      value.insert(at, 1 + random() % 8, static_cast<char>(random()));
    }
    const auto checked = CheckEvent(ReceivedOf(value), Noon());
    if (const auto* event = absl::get_if<CheckedEvent>(&checked)) ExpectProtobufAgrees(*event);
  }
}

TEST(RobustnessTest, NoiseIsNeverAdmitted) {
  std::mt19937 random(kSeed + 2);
  for (int round = 0; round < 60000; ++round) {
    std::string value(1 + random() % 200, '\0');
    for (char& c : value) c = static_cast<char>(random());
    EXPECT_NE(Verdict(ReceivedOf(value)), "admitted");
  }
}

TEST(RobustnessTest, DamagedEventsAreAllEitherInTheLedgerOrInQuarantine) {
  Installation installation;
  const std::string good = GoodEvent().SerializeAsString();
  std::mt19937 random(kSeed + 3);
  int64_t admitted = 0, quarantined = 0;
  for (int round = 0; round < 40; ++round) {
    std::vector<std::string> values(50, good);
    std::vector<Received> batch;
    for (std::string& value : values) {
      value[random() % value.size()] ^= static_cast<char>(1u << (random() % 8));
      batch.push_back(ReceivedOf(value));
    }
    const auto outcomes = installation.admitter->Admit(batch).value();
    for (const Outcome& outcome : outcomes) {
      ++(outcome.rejection.has_value() ? quarantined : admitted);
    }
  }
  EXPECT_EQ(admitted + quarantined, 2000);
  EXPECT_EQ(static_cast<int64_t>(installation.Ledger().size()), admitted);
  EXPECT_EQ(static_cast<int64_t>(installation.Quarantined().size()), quarantined);
}

}  // namespace
}  // namespace dolen
