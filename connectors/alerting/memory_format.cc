#include "connectors/alerting/memory_format.h"

#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "engine/base/time.h"

namespace dolen {
namespace {

constexpr absl::string_view kLeg = ".leg";
constexpr absl::string_view kSealed = ".notice";
constexpr absl::string_view kSendings = ".place";
constexpr absl::string_view kPosition = ".position";

Leg LegOf(const notifier::v1::Leg& record) {
  Leg leg;
  leg.number = record.number();
  leg.owed = record.owed();
  leg.page = record.page();
  leg.digest = record.digest();
  leg.due = FromTimestamp(record.due());
  leg.taken = FromTimestamp(record.taken());
  leg.group = record.group();
  leg.thread = record.thread();
  leg.told = record.told();
  leg.team = record.team();
  leg.left = record.left();
  leg.dead = record.dead();
  leg.attempts = record.attempts();
  return leg;
}

Sealed SealedOf(const notifier::v1::Sealed& record) {
  Sealed sealed;
  sealed.kind = static_cast<Notice::Kind>(record.kind());
  sealed.thread = record.thread();
  sealed.team = record.team();
  for (const notifier::v1::Sealed::Item& item : record.item()) {
    sealed.items.push_back({item.alert_id(), item.number()});
  }
  sealed.at = FromTimestamp(record.at());
  sealed.next = FromTimestamp(record.next());
  sealed.attempts = record.attempts();
  sealed.in_flight = record.in_flight();
  sealed.perhaps_taken = record.perhaps_taken();
  return sealed;
}

Sendings SendingsOf(const notifier::v1::Place& record) {
  Sendings sendings;
  for (const auto& page : record.page()) sendings.pages.push_back(FromTimestamp(page));
  if (record.has_summary()) sendings.summary = FromTimestamp(record.summary());
  return sendings;
}

NewEntry Gone(std::string key) {
  NewEntry entry;
  entry.key = std::move(key);
  entry.tombstone = true;
  return entry;
}

std::string LegKey(absl::string_view destination, absl::string_view alert_id) {
  return absl::StrCat(kLeg, "/", destination, "/", alert_id);
}

std::string SealedKey(absl::string_view destination, absl::string_view id) {
  return absl::StrCat(kSealed, "/", destination, "/", id);
}

}  // namespace

NewEntry ReceiptRecord(const alert::v1::Receipt& receipt) {
  return {absl::StrCat(receipt.destination(), "/", receipt.alert_id()),
          receipt.SerializeAsString(),
          {}};
}

NewEntry LegRecord(absl::string_view destination, absl::string_view alert_id, const Leg& leg) {
  notifier::v1::Leg record;
  record.set_number(leg.number);
  record.set_owed(leg.owed);
  record.set_page(leg.page);
  record.set_digest(leg.digest);
  *record.mutable_due() = ToTimestamp(leg.due);
  *record.mutable_taken() = ToTimestamp(leg.taken);
  record.set_group(leg.group);
  record.set_thread(leg.thread);
  record.set_told(leg.told);
  record.set_team(leg.team);
  record.set_left(leg.left);
  record.set_dead(leg.dead);
  record.set_attempts(leg.attempts);
  return {LegKey(destination, alert_id), record.SerializeAsString(), {}};
}

NewEntry NoLegRecord(absl::string_view destination, absl::string_view alert_id) {
  return Gone(LegKey(destination, alert_id));
}

NewEntry SealedRecord(absl::string_view destination, absl::string_view id, const Sealed& sealed) {
  notifier::v1::Sealed record;
  record.set_kind(static_cast<uint32_t>(sealed.kind));
  record.set_thread(sealed.thread);
  record.set_team(sealed.team);
  for (const Sealed::Item& item : sealed.items) {
    notifier::v1::Sealed::Item& added = *record.add_item();
    added.set_alert_id(item.alert_id);
    added.set_number(item.number);
  }
  *record.mutable_at() = ToTimestamp(sealed.at);
  *record.mutable_next() = ToTimestamp(sealed.next);
  record.set_attempts(sealed.attempts);
  record.set_in_flight(sealed.in_flight);
  record.set_perhaps_taken(sealed.perhaps_taken);
  return {SealedKey(destination, id), record.SerializeAsString(), {}};
}

NewEntry NotSealedRecord(absl::string_view destination, absl::string_view id) {
  return Gone(SealedKey(destination, id));
}

NewEntry SendingsRecord(absl::string_view destination, const Sendings& sendings) {
  notifier::v1::Place record;
  for (const absl::Time page : sendings.pages) *record.add_page() = ToTimestamp(page);
  if (sendings.summary != absl::InfinitePast()) {
    *record.mutable_summary() = ToTimestamp(sendings.summary);
  }
  return {absl::StrCat(kSendings, "/", destination), record.SerializeAsString(), {}};
}

NewEntry PositionRecord(const notifier::v1::Position& position) {
  return {std::string(kPosition), position.SerializeAsString(), {}};
}

bool IsReceipt(const Entry& entry) { return !absl::StartsWith(entry.key, "."); }

absl::Status Remembered::Add(int32_t partition, const Entry& entry) {
  if (IsReceipt(entry)) return absl::OkStatus();
  const std::vector<std::string> key = absl::StrSplit(entry.key, '/');
  const auto parse = [&](google::protobuf::Message& record) {
    return record.ParseFromArray(entry.value.data(), static_cast<int>(entry.value.size()));
  };
  bool good = true;
  if (key[0] == kPosition) {
    good = parse(positions[partition]);
  } else if (key[0] == kSendings && key.size() == 2) {
    notifier::v1::Place record;
    good = parse(record);
    sendings[key[1]] = SendingsOf(record);
  } else if (key[0] == kLeg && key.size() == 3) {
    notifier::v1::Leg record;
    if (entry.tombstone) {
      legs.erase({key[1], key[2]});
    } else if ((good = parse(record))) {
      legs[{key[1], key[2]}] = {partition, LegOf(record)};
    }
  } else if (key[0] == kSealed && key.size() == 3) {
    notifier::v1::Sealed record;
    if (entry.tombstone) {
      sealed.erase({key[1], key[2]});
    } else if ((good = parse(record))) {
      sealed[{key[1], key[2]}] = {partition, SealedOf(record)};
    }
  }
  // Other keys are of a newer release; what they say is not needed to tell what is owed.
  if (good) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("receipts topic partition ", partition, " offset ",
                                          entry.offset, ": cannot be read"));
}

}  // namespace dolen
