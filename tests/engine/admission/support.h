// A good event to break, and a small installation in memory.
#ifndef DOLEN_TESTS_ENGINE_ADMISSION_SUPPORT_H_
#define DOLEN_TESTS_ENGINE_ADMISSION_SUPPORT_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "dolen/event/v1/event.pb.h"
#include "dolen/ledger/v1/ledger.pb.h"
#include "engine/admission/admitter.h"
#include "engine/admission/identity.h"
#include "engine/base/check.h"
#include "engine/base/digest.h"
#include "engine/base/time.h"
#include "engine/log/simulated_log.h"

namespace dolen {

inline constexpr char kAgency[] = "gwent-council";
inline constexpr char kSecret[] = "the secret of the installation";
inline constexpr char kNhsNumber[] = "9434765919";

// "Now" in these tests.
inline absl::Time Noon() {
  return absl::FromCivil(absl::CivilSecond(2026, 3, 2, 12, 0, 0), absl::UTCTimeZone());
}

// About 350 bytes on the wire, and every field that agencies usually fill in.
inline event::v1::Event GoodEvent() {
  event::v1::Event event;
  event.set_contract(1);
  event::v1::Open& open = *event.mutable_open();
  open.set_event_id("7a1c2f30-referral");
  open.set_agency(kAgency);
  *open.mutable_occurred()->mutable_instant() = ToTimestamp(Noon() - absl::Hours(2));
  open.set_kind(event::v1::KIND_REFERRAL_MADE);
  open.mutable_matter()->set_agency(kAgency);
  open.mutable_matter()->set_id("REF-2026-000123");
  open.set_sequence(4711);
  *open.mutable_published() = ToTimestamp(Noon() - absl::Hours(1));
  open.set_to_agency("aneurin-camhs");
  open.set_service_type("camhs");
  open.set_role("social_worker");
  open.set_language("cy");
  open.set_area("W06000018");
  open.set_birth_month("2015-06");
  event::v1::Field& field = *open.add_fields();
  field.set_name("reply_wanted_by");
  field.mutable_when()->set_day("2026-03-16");
  event::v1::Private& known = *event.mutable_private_();
  event::v1::Identifier& nhs = *known.add_child();
  nhs.set_issuer("nhs");
  nhs.set_value(kNhsNumber);
  known.set_child_name("Mali Example");
  known.set_birth_date("2015-06-11");
  known.set_text("Asks for an assessment; not sleeping, school refusal.\nSeen at home.");
  return event;
}

inline Received ReceivedOf(absl::string_view value, absl::string_view agency = kAgency) {
  Received received;
  received.agency = agency;
  received.intake = {"dolen.intake.gwent-council.v1", 2, 77};
  received.key = "key";
  received.value = value;
  return received;
}

// The code of the rejection, or "admitted".
inline std::string Verdict(const Received& received) {
  const auto checked = CheckEvent(received, Noon());
  const auto* rejection = absl::get_if<Rejection>(&checked);
  return rejection == nullptr ? "admitted" : rejection->code;
}

// Keys that tests can foretell: 16 bytes that count up from `seed`.
inline IdentityLog::RandomSource CountingKeys(uint8_t seed) {
  return [seed, count = 0](size_t size) mutable {
    std::string bytes(size, static_cast<char>(seed));
    ++count;
    for (size_t i = 0; i < 4; ++i) bytes[i] = static_cast<char>(count >> (8 * i));
    return bytes;
  };
}

// A log with all topics, and admission over it.
struct Installation {
  static constexpr int kPartitions = 4;

  explicit Installation(std::vector<std::string> agencies = {kAgency}) {
    DOLEN_CHECK(log.CreateTopic({names.Ledger(), kPartitions}).ok());
    DOLEN_CHECK(log.CreateTopic({names.Identity(), 1}).ok());
    DOLEN_CHECK(log.CreateTopic({names.Quarantine(), 1}).ok());
    for (const std::string& agency : agencies) {
      DOLEN_CHECK(log.CreateTopic({names.Intake(agency), 2}).ok());
    }
    Start();
  }

  // As after a restart of the process: everything is read from the log again.
  void Start() {
    identity = IdentityLog::Open(&log, names, kSecret, CountingKeys(++starts)).value();
    AdmitterOptions options;
    options.secret = kSecret;
    options.digest_key = 7;
    options.clock = [this] { return now; };
    admitter = Admitter::Open(&log, names, identity.get(), options).value();
  }

  void Publish(const std::string& agency, absl::string_view value, int32_t partition = 0,
               std::vector<Header> headers = {}) {
    auto appender = log.OpenAppender().value();
    DOLEN_CHECK(appender->Append({names.Intake(agency), partition}, "key", value, headers).ok());
    DOLEN_CHECK(appender->Flush().ok());
  }

  struct Copy {
    std::string key, value;
    std::vector<Header> headers;
  };
  std::vector<Copy> All(const std::string& topic, int32_t partition = 0) {
    std::vector<Copy> copies;
    const Bounds bounds = log.BoundsOf({topic, partition}).value();
    auto reader = log.Read({topic, partition}, bounds.begin).value();
    while (reader->position() < bounds.end) {
      const auto entries = reader->Read(100, absl::ZeroDuration()).value();
      for (const Entry& entry : entries) {
        copies.push_back({std::string(entry.key),
                          std::string(entry.value),
                          {entry.headers.begin(), entry.headers.end()}});
      }
    }
    return copies;
  }
  // All events of the ledger, partition after partition.
  std::vector<ledger::v1::Record> Ledger() {
    std::vector<ledger::v1::Record> records;
    for (int32_t p = 0; p < kPartitions; ++p) {
      for (const Copy& copy : All(names.Ledger(), p)) {
        ledger::v1::Record record;
        DOLEN_CHECK(record.ParseFromString(copy.value));
        if (record.has_event()) records.push_back(std::move(record));
      }
    }
    return records;
  }
  // Whom the ledger says it heard, with the time written; all in the partition of their agency.
  std::vector<ledger::v1::Record> Heard() {
    std::vector<ledger::v1::Record> records;
    for (int32_t p = 0; p < kPartitions; ++p) {
      for (const Copy& copy : All(names.Ledger(), p)) {
        ledger::v1::Record record;
        DOLEN_CHECK(record.ParseFromString(copy.value));
        if (!record.has_heard()) continue;
        DOLEN_CHECK(AgencyKey(record.heard().agency()).Partition(kPartitions) == p);
        records.push_back(std::move(record));
      }
    }
    return records;
  }
  std::vector<ledger::v1::Quarantined> Quarantined() {
    std::vector<ledger::v1::Quarantined> kept;
    for (const Copy& copy : All(names.Quarantine())) {
      ledger::v1::QuarantineRecord record;
      DOLEN_CHECK(record.ParseFromString(copy.value));
      if (record.has_received()) kept.push_back(record.received());
    }
    return kept;
  }

  absl::Time now = Noon();
  TopicNames names;
  SimulatedLog log;
  std::unique_ptr<IdentityLog> identity;
  std::unique_ptr<Admitter> admitter;
  uint8_t starts = 0;
};

}  // namespace dolen

#endif  // DOLEN_TESTS_ENGINE_ADMISSION_SUPPORT_H_
