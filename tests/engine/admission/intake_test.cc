#include "engine/admission/intake.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "tests/engine/admission/support.h"

namespace dolen {
namespace {

std::string EventOf(const std::string& agency, int number) {
  event::v1::Event event = GoodEvent();
  event.mutable_open()->set_agency(agency);
  event.mutable_open()->set_event_id(absl::StrCat(agency, "/", number));
  event.mutable_private_()->mutable_child(0)->set_issuer(agency);
  event.mutable_private_()->mutable_child(0)->set_value(absl::StrCat(number % 7));
  return event.SerializeAsString();
}

std::unique_ptr<Intake> Open(Installation& installation, IntakeOptions options = {}) {
  return Intake::Open(&installation.log, installation.names, installation.admitter.get(), options)
      .value();
}

std::map<std::string, int> AdmittedByAgency(Installation& installation) {
  std::map<std::string, int> counts;
  for (const auto& record : installation.Ledger()) ++counts[record.event().agency()];
  return counts;
}

// Pumps until nothing is left.
void Drain(Intake& intake, int max = 100) {
  while (intake.Pump(max, absl::ZeroDuration()).value().read > 0) {
  }
}

TEST(IntakeTest, EverythingReadIsAdmittedOrQuarantined) {
  Installation installation({"gwent", "powys"});
  for (int i = 0; i < 30; ++i) {
    installation.Publish("gwent", EventOf("gwent", i), i % 2);
    installation.Publish("powys", i % 3 == 0 ? "broken" : EventOf("powys", i), i % 2);
  }
  const auto intake = Open(installation);
  EXPECT_EQ(intake->lag(), 60);
  EXPECT_FALSE(intake->reached_start_ends());
  PumpResult sum;
  for (;;) {
    const PumpResult result = intake->Pump(7, absl::ZeroDuration()).value();
    EXPECT_EQ(result.read, result.admitted + result.quarantined);
    EXPECT_LE(result.read, 7);
    if (result.read == 0) break;
    sum.read += result.read;
    sum.quarantined += result.quarantined;
  }
  EXPECT_EQ(sum.read, 60);
  EXPECT_EQ(sum.quarantined, 10);
  EXPECT_EQ(intake->totals().admitted, 50);
  EXPECT_EQ(intake->lag(), 0);
  EXPECT_TRUE(intake->reached_start_ends());
  EXPECT_EQ(installation.Ledger().size(), 50);
  EXPECT_EQ(installation.Quarantined().size(), 10);
}

TEST(IntakeTest, TheTopicSaysWhoSpeaksAndWhere) {
  Installation installation({"gwent", "powys"});
  installation.Publish("gwent", EventOf("powys", 1), 1);  // gwent speaks for powys
  installation.Publish("gwent", EventOf("gwent", 2), 1);
  Drain(*Open(installation));
  const auto kept = installation.Quarantined();
  ASSERT_EQ(kept.size(), 1);
  EXPECT_EQ(kept[0].reason(), "wrong_agency");
  EXPECT_EQ(kept[0].agency(), "gwent");
  const auto records = installation.Ledger();
  ASSERT_EQ(records.size(), 1);
  EXPECT_EQ(records[0].event().agency(), "gwent");
  EXPECT_EQ(records[0].event().intake().topic(), "dolen.intake.gwent.v1");
  EXPECT_EQ(records[0].event().intake().partition(), 1);
  EXPECT_EQ(records[0].event().intake().offset(), 1);
}

TEST(IntakeTest, ARestartGoesOnWhereItCommitted) {
  Installation installation({"gwent"});
  for (int i = 0; i < 20; ++i) installation.Publish("gwent", EventOf("gwent", i));
  {
    const auto intake = Open(installation);
    ASSERT_EQ(intake->Pump(12, absl::ZeroDuration()).value().read, 12);
    ASSERT_TRUE(intake->Commit().ok());
  }
  installation.Start();
  const auto intake = Open(installation);
  EXPECT_EQ(intake->lag(), 8);
  Drain(*intake);
  EXPECT_EQ(installation.Ledger().size(), 20);
}

TEST(IntakeTest, WithoutACommitARestartAdmitsAgainAndLosesNothing) {
  Installation installation({"gwent"});
  for (int i = 0; i < 20; ++i) installation.Publish("gwent", EventOf("gwent", i));
  auto intake = Open(installation);
  // The first records commit, since the agency is heard; those after them do not.
  ASSERT_EQ(intake->Pump(4, absl::ZeroDuration()).value().read, 4);
  ASSERT_EQ(intake->Pump(8, absl::ZeroDuration()).value().read, 8);
  intake = nullptr;
  installation.Start();
  Drain(*Open(installation));
  EXPECT_EQ(installation.Ledger().size(), 4 + 8 + 16);
}

TEST(IntakeTest, PositionsAreCommittedAfterSoManyRecordsAndWhenIdle) {
  Installation installation({"gwent"});
  for (int i = 0; i < 20; ++i) installation.Publish("gwent", EventOf("gwent", i));
  IntakeOptions options;
  options.commit_every = 8;
  const TopicPartition partition{installation.names.Intake("gwent"), 0};
  const auto committed = [&] {
    return installation.log.Committed(options.group, partition).value();
  };
  const auto intake = Open(installation, options);
  ASSERT_TRUE(intake->Pump(1, absl::ZeroDuration()).ok());
  EXPECT_EQ(committed(), intake->totals().read) << "since the agency is heard";
  ASSERT_TRUE(intake->Pump(5, absl::ZeroDuration()).ok());
  EXPECT_LT(committed(), intake->totals().read);
  ASSERT_TRUE(intake->Pump(5, absl::ZeroDuration()).ok());
  EXPECT_EQ(committed(), intake->totals().read);
  Drain(*intake, 7);
  EXPECT_EQ(committed(), 20);
}

TEST(IntakeTest, AHugeBacklogStarvesNobody) {
  Installation installation({"gwent", "powys", "police"});
  for (int i = 0; i < 5000; ++i) installation.Publish("gwent", EventOf("gwent", i));
  for (int i = 0; i < 3; ++i) installation.Publish("police", EventOf("police", i));
  const auto intake = Open(installation);
  EXPECT_EQ(intake->Pump(100, absl::ZeroDuration()).value().read, 100);
  EXPECT_EQ(AdmittedByAgency(installation),
            (std::map<std::string, int>{{"gwent", 97}, {"police", 3}}));
  // What comes while the backlog is there is in the next batch.
  installation.Publish("powys", EventOf("powys", 1));
  EXPECT_EQ(intake->Pump(100, absl::ZeroDuration()).value().read, 100);
  EXPECT_EQ(AdmittedByAgency(installation)["powys"], 1);
}

TEST(IntakeTest, EvenABatchOfOneServesEveryPartition) {
  Installation installation({"gwent", "powys"});
  for (int i = 0; i < 10; ++i) {
    installation.Publish("gwent", EventOf("gwent", i));
    installation.Publish("powys", EventOf("powys", i));
  }
  const auto intake = Open(installation);
  ASSERT_TRUE(intake->Pump(1, absl::ZeroDuration()).ok());
  EXPECT_GE(AdmittedByAgency(installation)["gwent"], 1);
  EXPECT_GE(AdmittedByAgency(installation)["powys"], 1);
}

TEST(IntakeTest, NewTopicsAreFoundByARefresh) {
  Installation installation({"gwent"});
  const auto intake = Open(installation);
  ASSERT_TRUE(installation.log.CreateTopic({installation.names.Intake("school"), 1}).ok());
  installation.Publish("school", EventOf("school", 1));
  EXPECT_EQ(intake->Pump(10, absl::ZeroDuration()).value().read, 0);
  ASSERT_TRUE(intake->Refresh().ok());
  EXPECT_EQ(intake->lag(), 1);
  EXPECT_TRUE(intake->reached_start_ends());  // it was not there at the start
  EXPECT_EQ(intake->Pump(10, absl::ZeroDuration()).value().admitted, 1);
}

TEST(IntakeTest, OtherTopicsAreLeftAloneAndNamed) {
  Installation installation({"gwent"});
  ASSERT_TRUE(installation.log.CreateTopic({"dolen.intake.gwent.v2", 1}).ok());
  const auto intake = Open(installation);
  ASSERT_TRUE(intake->Refresh().ok());
  ASSERT_EQ(intake->stopped().size(), 1);
  EXPECT_EQ(intake->stopped()[0].partition.topic, "dolen.intake.gwent.v2");
}

TEST(IntakeTest, ATruncatedPartitionStopsAndTheOthersGoOn) {
  Installation installation({"gwent", "powys"});
  for (int i = 0; i < 10; ++i) {
    installation.Publish("gwent", EventOf("gwent", i));
    installation.Publish("powys", EventOf("powys", i));
  }
  {
    const auto intake = Open(installation);
    ASSERT_TRUE(intake->Pump(8, absl::ZeroDuration()).ok());
    ASSERT_TRUE(intake->Commit().ok());
  }
  const TopicPartition gwent{installation.names.Intake("gwent"), 0};
  ASSERT_TRUE(installation.log.Trim(gwent, 9).ok());
  const auto intake = Open(installation);
  ASSERT_EQ(intake->stopped().size(), 1);
  EXPECT_EQ(intake->stopped()[0].partition, gwent);
  EXPECT_EQ(intake->stopped()[0].why.code(), absl::StatusCode::kOutOfRange);
  Drain(*intake);
  EXPECT_EQ(AdmittedByAgency(installation)["powys"], 10);
  EXPECT_FALSE(intake->reached_start_ends());
  EXPECT_GT(intake->lag(), 0);
}

TEST(IntakeTest, WhatRetentionTookBeforeTheFirstStartIsNotMissed) {
  Installation installation({"gwent"});
  for (int i = 0; i < 10; ++i) installation.Publish("gwent", EventOf("gwent", i));
  ASSERT_TRUE(installation.log.Trim({installation.names.Intake("gwent"), 0}, 4).ok());
  const auto intake = Open(installation);
  EXPECT_TRUE(intake->stopped().empty());
  Drain(*intake);
  EXPECT_EQ(installation.Ledger().size(), 6);
}

TEST(IntakeTest, UnderFaultsNothingIsLost) {
  Installation installation({"gwent", "powys"});
  for (int i = 0; i < 300; ++i) {
    installation.Publish("gwent", EventOf("gwent", i), i % 2);
    installation.Publish("powys", i % 5 == 0 ? absl::StrCat("broken", i) : EventOf("powys", i));
  }
  const auto intake = Open(installation);
  installation.log.SetFaults({.seed = 3, .unknown_flushes = 300, .short_reads = 300});
  int errors = 0;
  while (intake->lag() > 0) {
    const auto result = intake->Pump(20, absl::ZeroDuration());
    if (result.ok()) continue;
    EXPECT_EQ(result.status().code(), absl::StatusCode::kUnknown);
    ++errors;
  }
  EXPECT_GT(errors, 3);
  installation.log.SetFaults({});
  EXPECT_EQ(intake->totals().read, 600);
  EXPECT_EQ(intake->totals().quarantined, 60);
  // Repeated batches leave duplicates, which the fold drops; each event is there at least once.
  std::map<std::string, int> events, values;
  for (const auto& record : installation.Ledger()) ++events[record.event().digest()];
  for (const auto& kept : installation.Quarantined()) ++values[kept.value()];
  EXPECT_EQ(events.size(), 540);
  EXPECT_EQ(values.size(), 60);
}

std::string NumberedEvent(int number, uint64_t sequence) {
  event::v1::Event event;
  EXPECT_TRUE(event.ParseFromString(EventOf("gwent", number)));
  event.mutable_open()->set_sequence(sequence);
  return event.SerializeAsString();
}

// "partition:count:sequence"
std::vector<std::string> HeardOf(Installation& installation) {
  std::vector<std::string> heard;
  for (const ledger::v1::Record& record : installation.Heard()) {
    heard.push_back(absl::StrCat(record.heard().partition(), ":", record.heard().count(), ":",
                                 record.heard().sequence()));
  }
  return heard;
}

TEST(IntakeTest, TheLedgerHearsOfAnAgencyAtMostOnceAMinute) {
  using Strings = std::vector<std::string>;
  Installation installation({"gwent"});
  auto intake = Open(installation);
  Drain(*intake);
  EXPECT_EQ(HeardOf(installation), Strings()) << "nothing was read";
  installation.Publish("gwent", NumberedEvent(1, 7), 1);
  installation.Publish("gwent", NumberedEvent(2, 5), 1);
  Drain(*intake);
  EXPECT_EQ(HeardOf(installation), Strings({"1:2:7"}));
  installation.now += absl::Seconds(59);
  installation.Publish("gwent", "broken, but heard", 1);
  Drain(*intake);
  EXPECT_EQ(HeardOf(installation), Strings({"1:2:7"}));
  installation.now += absl::Seconds(1);
  Drain(*intake);
  EXPECT_EQ(HeardOf(installation), Strings({"1:2:7", "1:3:7"})) << "although nothing more came";
  for (int minute = 0; minute < 10; ++minute) {
    installation.now += absl::Minutes(1);
    Drain(*intake);
  }
  EXPECT_EQ(HeardOf(installation).size(), 2) << "an idle agency is not heard";
  // Over a restart the count goes on; numbers are those that the new process has seen.
  installation.Start();
  intake = Open(installation);
  Drain(*intake);
  EXPECT_EQ(HeardOf(installation).size(), 2);
  installation.Publish("gwent", NumberedEvent(3, 0), 1);
  installation.Publish("gwent", NumberedEvent(4, 9), 0);
  Drain(*intake);
  EXPECT_EQ(HeardOf(installation), Strings({"1:2:7", "1:3:7", "0:1:9", "1:4:0"}));
}

// It was said before it was committed: a process that died in between read on from before it, and
// the next count was smaller.
TEST(IntakeTest, WhatWasHeardNeverJumpsBackOverACrash) {
  Installation installation({"gwent"});
  for (int i = 0; i < 20; ++i) installation.Publish("gwent", EventOf("gwent", i));
  ASSERT_EQ(Open(installation)->Pump(12, absl::ZeroDuration()).value().read, 12);
  ASSERT_EQ(HeardOf(installation), std::vector<std::string>({"0:12:4711"}));
  installation.Start();
  ASSERT_TRUE(Open(installation)->Pump(2, absl::ZeroDuration()).ok());
  EXPECT_EQ(HeardOf(installation), std::vector<std::string>({"0:12:4711", "0:14:4711"}));
}

TEST(IntakeTest, WhatCouldNotBeSaidOfAnAgencyIsSaidLater) {
  Installation installation({"gwent"});
  const auto intake = Open(installation);
  installation.Publish("gwent", NumberedEvent(1, 7));
  Drain(*intake);
  installation.Publish("gwent", NumberedEvent(2, 8));
  Drain(*intake);
  ASSERT_EQ(HeardOf(installation).size(), 1);
  installation.now += absl::Minutes(1);
  installation.log.SetFaults({.seed = 1, .unknown_flushes = 1000});
  EXPECT_EQ(intake->Pump(100, absl::ZeroDuration()).status().code(), absl::StatusCode::kUnknown);
  installation.log.SetFaults({});
  Drain(*intake);
  EXPECT_EQ(HeardOf(installation).back(), "0:2:8");
  EXPECT_EQ(intake->totals().read, 2);
}

TEST(IntakeTest, TombstonesHeadersAndBackfillComeThrough) {
  Installation installation({"gwent"});
  installation.Publish("gwent", EventOf("gwent", 1), 0, {{"ce_source", "powys"}});
  installation.Publish("gwent", EventOf("gwent", 2));
  auto writer =
      installation.log.OpenFencedWriter({installation.names.Intake("gwent"), 1}, "w").value();
  NewEntry tombstone;
  tombstone.tombstone = true;
  ASSERT_TRUE(writer->Append({&tombstone, 1}).ok());
  IntakeOptions options;
  options.backfill = "archive";
  Drain(*Open(installation, options));
  std::map<std::string, int> reasons;
  for (const auto& kept : installation.Quarantined()) {
    ++reasons[kept.reason()];
    EXPECT_EQ(kept.tombstone(), kept.reason() == "tombstone");
  }
  EXPECT_EQ(reasons, (std::map<std::string, int>{{"tombstone", 1}, {"wrong_agency", 1}}));
  ASSERT_EQ(installation.Ledger().size(), 1);
  EXPECT_EQ(installation.Ledger()[0].event().backfill(), "archive");
}

}  // namespace
}  // namespace dolen
