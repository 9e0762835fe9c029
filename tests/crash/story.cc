#include "tests/crash/story.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/base/check.h"
#include "engine/base/time.h"

namespace dolen {
namespace {

constexpr int kMattersPerBatch = 12;
constexpr int kMattersPerChild = 6;

std::string KeyOf(const event::v1::Open& open) {
  return absl::StrCat(open.agency(), "/", open.event_id());
}

}  // namespace

event::v1::Event MadeEvent(const std::string& agency, const std::string& id,
                           const std::string& child, const std::string& matter,
                           const std::string& milestone, absl::Time occurred) {
  event::v1::Event event;
  event.set_contract(1);
  event::v1::Open& open = *event.mutable_open();
  open.set_event_id(id);
  open.set_agency(agency);
  *open.mutable_occurred()->mutable_instant() = ToTimestamp(occurred);
  open.set_kind(event::v1::KIND_MILESTONE_REACHED);
  open.set_milestone(milestone);
  open.mutable_matter()->set_agency(agency);
  open.mutable_matter()->set_id(matter);
  event::v1::Identifier& identifier = *event.mutable_private_()->add_child();
  identifier.set_issuer(kIssuer);
  identifier.set_value(child);
  event.mutable_private_()->set_text("Made for a test of crashes; nobody is meant.");
  return event;
}

void Truth::Add(const Truth& other) {
  events.insert(other.events.begin(), other.events.end());
  matters.insert(other.matters.begin(), other.matters.end());
  conflicts.insert(other.conflicts.begin(), other.conflicts.end());
  bad.insert(other.bad.begin(), other.bad.end());
  duplicates += other.duplicates;
}

std::string Story::News(const event::v1::Event& event) {
  EventTruth& truth = truth_.events[KeyOf(event.open())];
  truth.child = event.private_().child(0).value();
  truth.open = event.open().SerializeAsString();
  truth.private_part = event.private_().SerializeAsString();
  return event.SerializeAsString();
}

void Story::Send(const std::string& value, ledger::v1::Delivery& batch) {
  ledger::v1::DeliveryItem& item = *batch.add_item();
  item.set_agency(agency_);
  item.set_value(value);
  fresh_.push_back(value);
}

void Story::AddMatter(ledger::v1::Delivery& batch) {
  const std::string matter = absl::StrCat("M-", ++next_matter_);
  // Agencies speak of the same children.
  const std::string child =
      absl::StrCat("c", Below(10 + static_cast<int>(next_matter_) / kMattersPerChild));
  const int dice = Below(10);
  MatterTruth truth;
  truth.plan = dice < 3   ? Plan::kNeverSeen
               : dice < 4 ? Plan::kDueSoon
               : dice < 7 ? Plan::kInTime
                          : Plan::kLate;
  truth.child = child;
  truth.start = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now())) -
                (truth.plan == Plan::kDueSoon ? absl::Minutes(70)
                                              : absl::Hours(5) + absl::Minutes(Below(5000)));
  truth_.matters[absl::StrCat(agency_, ":", matter)] = truth;
  const auto made = [&](const std::string& milestone, absl::Duration after) {
    return News(MadeEvent(agency_, absl::StrCat("e", ++next_id_), child, matter, milestone,
                          truth.start + after));
  };
  const std::string start = made("report_made", absl::ZeroDuration());
  if (truth.plan == Plan::kNeverSeen || truth.plan == Plan::kDueSoon) return Send(start, batch);
  const int minutes = truth.plan == Plan::kInTime ? 1 + Below(118) : 121 + Below(120);
  const std::string stop = made("child_seen", absl::Minutes(minutes));
  const int order = Below(4);
  const std::string& first = order % 2 == 0 ? start : stop;
  const std::string& second = order % 2 == 0 ? stop : start;
  Send(first, batch);
  if (order < 2) return Send(second, batch);
  later_.push_back(second);
}

// A repetition, a contradiction or an unreadable value.
void Story::AddDisturbance(ledger::v1::Delivery& batch) {
  if (delivered_.empty()) return;
  const std::string& known = delivered_[Below(static_cast<int>(delivered_.size()))];
  const int dice = Below(3);
  ledger::v1::DeliveryItem& item = *batch.add_item();
  item.set_agency(agency_);
  item.set_value(known);
  event::v1::Event event;
  DOLEN_CHECK(event.ParseFromString(known));
  if (dice == 0) {
    ++truth_.duplicates;
  } else if (dice == 1) {
    // Taken for the truth it would stop the clock, or start another.
    const bool is_start = event.open().milestone() == "report_made";
    event.mutable_open()->set_milestone(is_start ? "child_seen" : "report_made");
    truth_.conflicts.insert(event.open().SerializeAsString());
    item.set_value(event.SerializeAsString());
  } else {
    event.set_contract(2);
    event.mutable_open()->set_event_id(absl::StrCat("bad", ++next_id_));
    item.set_value(event.SerializeAsString());
    truth_.bad.insert(item.value());
  }
}

ledger::v1::Delivery Story::NextBatch() {
  delivered_.insert(delivered_.end(), fresh_.begin(), fresh_.end());
  fresh_.clear();
  ledger::v1::Delivery batch;
  for (int i = 0; i < kMattersPerBatch; ++i) {
    AddMatter(batch);
    if (Below(8) == 0) AddDisturbance(batch);
    if (!later_.empty() && Below(2) == 0) {
      Send(later_.front(), batch);
      later_.pop_front();
    }
  }
  return batch;
}

ledger::v1::Delivery Story::LastBatch() {
  ledger::v1::Delivery batch;
  for (const std::string& value : later_) Send(value, batch);
  later_.clear();
  return batch;
}

}  // namespace dolen
