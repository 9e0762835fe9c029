#include "engine/admission/quarantine.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/engine/admission/support.h"

namespace dolen {
namespace {

class QuarantineTest : public testing::Test {
 protected:
  QuarantineTest() : quarantine_(Open()) {
    event::v1::Event event = GoodEvent();
    *event.mutable_open()->mutable_occurred()->mutable_instant() =
        ToTimestamp(Noon() + absl::Hours(30));
    early_ = event.SerializeAsString();
  }

  std::unique_ptr<Quarantine> Open() {
    return Quarantine::Open(&installation_.log, installation_.names,
                            [this] { return installation_.now; })
        .value();
  }
  // An event that is refused now, since it lies ahead, and could be admitted a day later.
  void AdmitEarly(std::vector<Header> headers = {}) {
    Received received = ReceivedOf(early_);
    received.headers = headers;
    received.backfill = "archive";
    ASSERT_TRUE(installation_.admitter->Admit({&received, 1}).ok());
  }
  void AdmitBroken(absl::string_view agency) {
    const Received received = ReceivedOf("broken", agency);
    ASSERT_TRUE(installation_.admitter->Admit({&received, 1}).ok());
  }
  std::vector<int64_t> Offsets(const QuarantineFilter& filter) {
    std::vector<int64_t> offsets;
    const auto entries = quarantine_->List(filter).value();
    for (const QuarantineEntry& entry : entries) offsets.push_back(entry.offset);
    return offsets;
  }

  Installation installation_;
  std::string early_;
  std::unique_ptr<Quarantine> quarantine_;
};

TEST_F(QuarantineTest, ListsWithoutValuesUnlessAsked) {
  AdmitEarly({{"trace", "1"}});
  const auto plain = quarantine_->List({}).value();
  ASSERT_EQ(plain.size(), 1);
  EXPECT_EQ(plain[0].kept.reason(), "occurred_in_future");
  EXPECT_EQ(plain[0].kept.field(), "open.occurred");
  EXPECT_EQ(plain[0].kept.intake().offset(), 77);
  EXPECT_EQ(plain[0].state, QuarantineState::kOpen);
  EXPECT_TRUE(plain[0].kept.value().empty());
  EXPECT_TRUE(plain[0].kept.key().empty());
  QuarantineFilter filter;
  filter.with_values = true;
  const auto full = quarantine_->List(filter).value();
  EXPECT_EQ(full[0].kept.value(), early_);
  ASSERT_EQ(full[0].headers.size(), 1);
  EXPECT_EQ(full[0].headers[0].key, "trace");
}

TEST_F(QuarantineTest, ListsByReasonAgencyStateAndPage) {
  AdmitBroken("gwent");
  AdmitBroken("powys");
  AdmitEarly();
  AdmitBroken("powys");
  ASSERT_TRUE(quarantine_->SetAside(1, "anna", "known noise").ok());
  EXPECT_EQ(Offsets({}), (std::vector<int64_t>{0, 1, 2, 3}));
  QuarantineFilter filter;
  filter.reason = "occurred_in_future";
  EXPECT_EQ(Offsets(filter), (std::vector<int64_t>{2}));
  filter = {};
  filter.agency = "powys";
  EXPECT_EQ(Offsets(filter), (std::vector<int64_t>{1, 3}));
  filter.state = QuarantineState::kOpen;
  EXPECT_EQ(Offsets(filter), (std::vector<int64_t>{3}));
  filter = {};
  filter.state = QuarantineState::kSetAside;
  EXPECT_EQ(Offsets(filter), (std::vector<int64_t>{1}));
  filter = {};
  filter.limit = 2;
  EXPECT_EQ(Offsets(filter), (std::vector<int64_t>{0, 1}));
  filter.after = 1;
  EXPECT_EQ(Offsets(filter), (std::vector<int64_t>{2, 3}));
}

TEST_F(QuarantineTest, ARetryAdmitsExactlyTheOriginalBytesAgencyAndPosition) {
  AdmitEarly({{"ce_source", kAgency}, {"__connect.errors.topic", "the sender's own"}});
  const auto before = quarantine_->Get(0).value();
  ASSERT_EQ(before.headers.size(), 2);
  EXPECT_EQ(before.headers[1].value, "the sender's own");

  installation_.now = Noon() + absl::Hours(24);
  const Outcome outcome = quarantine_->Retry(0, "anna", *installation_.admitter).value();
  EXPECT_FALSE(outcome.rejection.has_value());
  const auto records = installation_.Ledger();
  ASSERT_EQ(records.size(), 1);
  const ledger::v1::AgencyEvent& event = records[0].event();
  event::v1::Event original;
  ASSERT_TRUE(original.ParseFromString(early_));
  EXPECT_EQ(event.open(), original.open().SerializeAsString());
  EXPECT_EQ(event.private_(), original.private_().SerializeAsString());
  EXPECT_EQ(event.digest(), KeyedDigest(kSecret).Of(early_));
  EXPECT_EQ(event.agency(), kAgency);
  EXPECT_EQ(event.intake().topic(), "dolen.intake.gwent-council.v1");
  EXPECT_EQ(event.intake().partition(), 2);
  EXPECT_EQ(event.intake().offset(), 77);
  EXPECT_EQ(event.backfill(), "archive");
  EXPECT_EQ(records[0].written(), Micros(installation_.now));
}

TEST_F(QuarantineTest, ASuccessfulRetryIsAFactThatEveryProcessSees) {
  AdmitEarly();
  installation_.now = Noon() + absl::Hours(24);
  ASSERT_TRUE(quarantine_->Retry(0, "anna", *installation_.admitter).ok());
  const auto elsewhere = Open();
  for (Quarantine* reader : {quarantine_.get(), elsewhere.get()}) {
    const QuarantineEntry entry = reader->Get(0).value();
    EXPECT_EQ(entry.state, QuarantineState::kRetried);
    EXPECT_EQ(entry.by, "anna");
    EXPECT_EQ(entry.resolved, installation_.now);
    EXPECT_EQ(entry.kept.value(), early_);
  }
  EXPECT_EQ(quarantine_->Retry(0, "bo", *installation_.admitter).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(quarantine_->SetAside(0, "bo", "late").code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(installation_.Ledger().size(), 1);
}

TEST_F(QuarantineTest, ARetryThatIsRefusedAgainWritesNothing) {
  AdmitEarly();
  const auto outcome = quarantine_->Retry(0, "anna", *installation_.admitter).value();
  EXPECT_EQ(outcome.rejection.value().code, "occurred_in_future");
  EXPECT_EQ(quarantine_->Get(0).value().state, QuarantineState::kOpen);
  EXPECT_EQ(installation_.All(installation_.names.Quarantine()).size(), 1);
  EXPECT_TRUE(installation_.Ledger().empty());
}

TEST_F(QuarantineTest, ARecordAsLargeAsIntakeTakesIsKeptWhole) {
  std::string value(kMaxIntakeRecord - 2 * kMaxId - 4, 'x');
  const std::string key(kMaxId, 'k');
  Received received = ReceivedOf(value);
  received.key = key;
  const std::vector<Header> headers = {{"ab", "cd"}};
  received.headers = headers;
  ASSERT_TRUE(installation_.admitter->Admit({&received, 1}).ok());
  const QuarantineEntry entry = quarantine_->Get(0).value();
  EXPECT_EQ(entry.kept.reason(), "too_large");
  EXPECT_EQ(entry.kept.value(), value);
  EXPECT_EQ(entry.kept.key(), key);
  EXPECT_EQ(entry.headers.size(), 1);
  EXPECT_EQ(entry.kept.received_bytes(), 0);
  const auto outcome = quarantine_->Retry(0, "anna", *installation_.admitter).value();
  EXPECT_EQ(outcome.rejection.value().code, "too_large");
}

TEST_F(QuarantineTest, OfALargerOneTheBeginningIsKeptAndItIsNotRetried) {
  const std::string large(kMaxIntakeRecord + 1, 'x');
  const std::vector<Header> headers = {{"large", large}};
  Received value = ReceivedOf(large), key = ReceivedOf("broken"), header = ReceivedOf("broken");
  key.key = large;
  header.headers = headers;
  for (const Received& received : {value, key, header}) {
    ASSERT_TRUE(installation_.admitter->Admit({&received, 1}).ok());
  }
  QuarantineFilter filter;
  filter.with_values = true;
  const auto entries = quarantine_->List(filter).value();
  ASSERT_EQ(entries.size(), 3);
  EXPECT_EQ(entries[0].kept.value(), large.substr(0, kMaxEventBytes));
  EXPECT_EQ(entries[0].kept.key(), "key");
  EXPECT_EQ(entries[0].kept.received_bytes(), large.size() + 3);
  EXPECT_EQ(entries[1].kept.value(), "broken");
  EXPECT_EQ(entries[1].kept.key(), large.substr(0, kMaxId));
  EXPECT_EQ(entries[2].kept.value(), "broken");
  EXPECT_TRUE(entries[2].headers.empty());
  for (const QuarantineEntry& entry : entries) {
    EXPECT_EQ(entry.kept.intake().offset(), 77);
    const absl::Status retried =
        quarantine_->Retry(entry.offset, "anna", *installation_.admitter).status();
    EXPECT_EQ(retried.code(), absl::StatusCode::kFailedPrecondition) << retried;
    EXPECT_LE(entry.kept.ByteSizeLong(), 2 * kMaxEventBytes);
  }
}

TEST_F(QuarantineTest, WhatIsSetAsideStaysAndMayStillBeRetried) {
  AdmitEarly();
  ASSERT_TRUE(quarantine_->SetAside(0, "anna", "the sender's test data").ok());
  const QuarantineEntry entry = quarantine_->Get(0).value();
  EXPECT_EQ(entry.state, QuarantineState::kSetAside);
  EXPECT_EQ(entry.by, "anna");
  EXPECT_EQ(entry.why, "the sender's test data");
  EXPECT_EQ(entry.kept.value(), early_);
  installation_.now = Noon() + absl::Hours(24);
  ASSERT_TRUE(quarantine_->Retry(0, "bo", *installation_.admitter).ok());
  EXPECT_EQ(quarantine_->Get(0).value().state, QuarantineState::kRetried);
}

TEST_F(QuarantineTest, CountsWhatWaitsForSomebodysDecision) {
  const auto elsewhere = Open();  // of another process
  const auto expect = [&](int64_t count) {
    EXPECT_EQ(quarantine_->CountOpen().value(), count);
    EXPECT_EQ(elsewhere->CountOpen().value(), count);
    EXPECT_EQ(Open()->CountOpen().value(), count);
  };
  expect(0);
  AdmitBroken("gwent");
  AdmitEarly();
  AdmitBroken("powys");
  expect(3);
  ASSERT_TRUE(quarantine_->SetAside(0, "anna", "noise").ok());
  expect(2);
  ASSERT_TRUE(elsewhere->SetAside(0, "bo", "noise again").ok());
  ASSERT_TRUE(elsewhere->SetAside(1, "bo", "too early").ok());
  expect(1);
  installation_.now = Noon() + absl::Hours(24);
  ASSERT_TRUE(quarantine_->Retry(1, "anna", *installation_.admitter).ok());
  ASSERT_FALSE(
      quarantine_->Retry(2, "anna", *installation_.admitter).value().rejection->code.empty());
  expect(1);
  AdmitBroken("powys");
  expect(2);
}

TEST_F(QuarantineTest, WhatRetentionTookWaitsForNobody) {
  for (int i = 0; i < 4; ++i) AdmitBroken("powys");
  EXPECT_EQ(quarantine_->CountOpen().value(), 4);
  ASSERT_TRUE(installation_.log.Trim({installation_.names.Quarantine(), 0}, 3).ok());
  EXPECT_EQ(quarantine_->CountOpen().value(), 1);
  EXPECT_EQ(Open()->CountOpen().value(), 1);
  ASSERT_TRUE(quarantine_->SetAside(3, "anna", "noise").ok());
  EXPECT_EQ(quarantine_->CountOpen().value(), 0);
}

TEST_F(QuarantineTest, ATombstoneIsRetriedAsATombstone) {
  Received received = ReceivedOf("");
  received.tombstone = true;
  ASSERT_TRUE(installation_.admitter->Admit({&received, 1}).ok());
  const auto outcome = quarantine_->Retry(0, "anna", *installation_.admitter).value();
  EXPECT_EQ(outcome.rejection.value().code, "tombstone");
}

TEST_F(QuarantineTest, OffsetsWithoutAnEntryAreNotFound) {
  AdmitEarly();
  ASSERT_TRUE(quarantine_->SetAside(0, "anna", "x").ok());
  for (const int64_t offset : {int64_t{1}, int64_t{2}, int64_t{99}}) {
    EXPECT_EQ(quarantine_->Get(offset).status().code(), absl::StatusCode::kNotFound) << offset;
  }
}

TEST_F(QuarantineTest, WhatRetentionTookIsGoneAndTheRestIsListed) {
  AdmitEarly();
  AdmitBroken("powys");
  ASSERT_TRUE(installation_.log.Trim({installation_.names.Quarantine(), 0}, 1).ok());
  EXPECT_EQ(quarantine_->Get(0).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Offsets({}), (std::vector<int64_t>{1}));
}

}  // namespace
}  // namespace dolen
