#include "engine/admission/admitter.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/engine/admission/support.h"

namespace dolen {
namespace {

TEST(AdmitterTest, TheLedgerRecordSaysAllThatIsKnownOfTheEvent) {
  Installation installation;
  const event::v1::Event event = GoodEvent();
  const std::string value = event.SerializeAsString();
  Received received = ReceivedOf(value);
  received.backfill = "2025 archive";
  const auto outcomes = installation.admitter->Admit({&received, 1}).value();
  ASSERT_FALSE(outcomes[0].rejection.has_value());

  const ChildKey child = installation.identity->Lookup("nhs", kNhsNumber).value();
  EXPECT_EQ(outcomes[0].child, child);
  EXPECT_EQ(outcomes[0].partition, child.Partition(Installation::kPartitions));
  const auto copies = installation.All(installation.names.Ledger(), outcomes[0].partition);
  ASSERT_EQ(copies.size(), 1);
  EXPECT_EQ(copies[0].key, child.bytes());

  ledger::v1::Record expected;
  expected.set_written(Micros(Noon()));
  ledger::v1::AgencyEvent& body = *expected.mutable_event();
  body.set_open(event.open().SerializeAsString());
  body.set_private_(event.private_().SerializeAsString());
  body.set_digest(KeyedDigest(kSecret).Of(value));
  body.set_digest_key(7);
  body.set_agency(kAgency);
  body.mutable_intake()->set_topic("dolen.intake.gwent-council.v1");
  body.mutable_intake()->set_partition(2);
  body.mutable_intake()->set_offset(77);
  body.set_child(std::string(child.bytes()));
  body.set_identity_position(1);
  body.set_backfill("2025 archive");
  EXPECT_EQ(copies[0].value, expected.SerializeAsString());  // byte for byte
}

TEST(AdmitterTest, EmptyPositionsAreEncodedAsProtobufWould) {
  const std::string value = GoodEvent().SerializeAsString();
  Received received;
  received.agency = kAgency;
  received.value = value;
  const auto checked = absl::get<CheckedEvent>(CheckEvent(received, Noon()));
  Stamp stamp;
  stamp.written = absl::FromUnixSeconds(-1);
  RecordEncoder encoder;
  ledger::v1::Record record;
  const std::string bytes(encoder.Encode(received, checked, stamp));
  ASSERT_TRUE(record.ParseFromString(bytes));
  EXPECT_EQ(record.written(), -1000000);
  EXPECT_TRUE(record.event().has_intake());
  EXPECT_EQ(record.SerializeAsString(), bytes);
}

TEST(AdmitterTest, StatedTimesCountAsTheTimeOfAdmission) {
  Installation installation;
  event::v1::Event event = GoodEvent();
  const absl::Time stated = Noon() - absl::Hours(24 * 400);
  const std::string ahead = event.SerializeAsString();
  *event.mutable_open()->mutable_occurred()->mutable_instant() = ToTimestamp(stated);
  const std::string then = event.SerializeAsString();
  Received batch[] = {ReceivedOf(then), ReceivedOf(ahead)};
  batch[0].stated = batch[1].stated = stated;
  const auto outcomes = installation.admitter->Admit(batch).value();
  EXPECT_FALSE(outcomes[0].rejection.has_value());
  EXPECT_EQ(outcomes[1].rejection.value().code, "occurred_in_future");
  EXPECT_EQ(installation.Ledger()[0].written(), Micros(stated));
  EXPECT_EQ(installation.Quarantined()[0].at(), Micros(stated));
}

TEST(AdmitterTest, TheSameEventInAnotherFramingHasTheSameDigest) {
  Installation installation;
  const std::string bare = GoodEvent().SerializeAsString();
  const std::string framed = std::string("\0\0\0\0\x09\0", 6) + bare;
  const Received batch[] = {ReceivedOf(bare), ReceivedOf(framed)};
  ASSERT_TRUE(installation.admitter->Admit(batch).ok());
  const auto records = installation.Ledger();
  ASSERT_EQ(records.size(), 2);
  EXPECT_EQ(records[0].event().digest(), records[1].event().digest());
}

TEST(AdmitterTest, QuarantineKeepsPositionReasonAndOriginalBytes) {
  Installation installation;
  const std::vector<Header> headers = {{"traceparent", "00-abc"}};
  const std::string value = "\x08\x01\xff not an event";
  Received received = ReceivedOf(value);
  received.headers = headers;
  const auto outcomes = installation.admitter->Admit({&received, 1}).value();
  EXPECT_EQ(outcomes[0].partition, -1);

  const auto copies = installation.All(installation.names.Quarantine());
  ASSERT_EQ(copies.size(), 1);
  EXPECT_EQ(copies[0].key, "key");
  const ledger::v1::Quarantined kept = installation.Quarantined()[0];
  EXPECT_EQ(kept.reason(), outcomes[0].rejection.value().code);
  EXPECT_EQ(kept.sentence(), outcomes[0].rejection.value().sentence);
  EXPECT_EQ(kept.agency(), kAgency);
  EXPECT_EQ(kept.intake().topic(), "dolen.intake.gwent-council.v1");
  EXPECT_EQ(kept.intake().partition(), 2);
  EXPECT_EQ(kept.intake().offset(), 77);
  EXPECT_EQ(kept.key(), "key");
  EXPECT_EQ(kept.value(), value);
  EXPECT_EQ(kept.at(), Micros(Noon()));

  std::vector<std::string> texts;
  for (const Header& header : copies[0].headers) {
    texts.push_back(absl::StrCat(header.key, "=", header.value));
  }
  EXPECT_EQ(texts, (std::vector<std::string>{
                       "traceparent=00-abc", "__connect.errors.topic=dolen.intake.gwent-council.v1",
                       "__connect.errors.partition=2", "__connect.errors.offset=77",
                       absl::StrCat("__connect.errors.class.name=", kept.reason()),
                       absl::StrCat("__connect.errors.exception.message=", kept.sentence())}));
}

TEST(AdmitterTest, ARowOfAFileCanBeQuarantinedWithItsPlace) {
  Installation installation;
  Received received = ReceivedOf("12;not a date;x");
  received.place = "caf\xe9.csv:3:2";  // a file name that is not UTF-8
  Rejection rejection = Reject(Reason::kBadRow, "occurred");
  rejection.sentence = "Column \"date\" is not a day.";
  ASSERT_TRUE(installation.admitter->Quarantine(received, rejection).ok());
  const auto kept = installation.Quarantined();
  ASSERT_EQ(kept.size(), 1);
  EXPECT_EQ(kept[0].place(), "caf?.csv:3:2");
  EXPECT_EQ(kept[0].reason(), "bad_row");
  EXPECT_EQ(kept[0].sentence(), rejection.sentence);
  EXPECT_EQ(kept[0].value(), "12;not a date;x");
}

TEST(AdmitterTest, EventsOfOneChildKeepTheirOrder) {
  Installation installation;
  std::vector<std::string> values;
  for (int i = 0; i < 50; ++i) {
    event::v1::Event event = GoodEvent();
    event.mutable_open()->set_event_id(absl::StrCat(i));
    values.push_back(event.SerializeAsString());
  }
  std::vector<Received> batch;
  for (const std::string& value : values) batch.push_back(ReceivedOf(value));
  ASSERT_TRUE(installation.admitter->Admit(batch).ok());
  const auto records = installation.Ledger();
  ASSERT_EQ(records.size(), 50);
  for (int i = 0; i < 50; ++i) {
    event::v1::Open open;
    ASSERT_TRUE(open.ParseFromString(records[i].event().open()));
    EXPECT_EQ(open.event_id(), absl::StrCat(i));
  }
}

TEST(AdmitterTest, AfterAnUnknownOutcomeTheBatchIsRepeatedThroughANewAppender) {
  Installation installation;
  const std::string good = GoodEvent().SerializeAsString();
  const Received batch[] = {ReceivedOf(good), ReceivedOf("bad")};
  ASSERT_TRUE(installation.admitter->Admit(batch).ok());  // the child is known from here on
  installation.log.SetFaults({.seed = 1, .unknown_flushes = 1000});
  EXPECT_EQ(installation.admitter->Admit(batch).status().code(), absl::StatusCode::kUnknown);
  EXPECT_EQ(installation.admitter->Admit(batch).status().code(),
            absl::StatusCode::kFailedPrecondition);
  installation.log.SetFaults({});
  ASSERT_TRUE(installation.admitter->Reopen().ok());
  ASSERT_TRUE(installation.admitter->Admit(batch).ok());
  EXPECT_GE(installation.Ledger().size(), 2);
  EXPECT_GE(installation.Quarantined().size(), 2);
}

TEST(AdmitterTest, AnEmptyBatchIsNothing) {
  Installation installation;
  EXPECT_TRUE(installation.admitter->Admit({}).value().empty());
}

TEST(AdmitterTest, WithoutALedgerItDoesNotOpen) {
  SimulatedLog log;
  TopicNames names;
  ASSERT_TRUE(log.CreateTopic({names.Identity(), 1}).ok());
  const auto identity = IdentityLog::Open(&log, names, kSecret).value();
  AdmitterOptions options;
  options.clock = Noon;
  const auto admitter = Admitter::Open(&log, names, identity.get(), options);
  EXPECT_EQ(admitter.status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace dolen
