#include "benchmarks/workload.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/base/check.h"
#include "engine/base/time.h"
#include "engine/pathway/book.h"
#include "engine/pathway/zone_proto.h"

namespace dolen {
namespace {

constexpr absl::Duration kUsualStep = absl::Milliseconds(1500);
constexpr absl::Duration kAllowed = absl::Hours(24);
constexpr size_t kRecent = 1000;  // how far back a duplicate may reach

constexpr char kBook[] = R"(
id: "bench" version: "1" owner: "benchmarks" zone: "UTC"
rule {
  id: "ANSWER" start { is: "referral_made" } stop { is: "referral_accepted" }
  limit { allow { hours: 24 } } accountable: "asked"
  level { name: "overdue" audience: "asked" }
  title { cy: "Ateb" en: "Answered within 24 hours" } source { title: "Made up" paragraph: "1" }
  weight: LOCAL
})";

}  // namespace

Workload::Workload(const WorkloadOptions& options)
    : options_(options), random_(options.seed), begin_(options.begin), now_(begin_) {}

std::string Workload::AgencyName(int agency) { return absl::StrCat("agency_", agency); }

ledger::v1::Record Workload::Book(absl::Time written) {
  const CheckedBook checked = ParseBook(kBook);
  DOLEN_CHECK(checked.ok());
  ledger::v1::Record record;
  record.set_written(Micros(written));
  record.mutable_book()->set_book(checked.book.SerializeAsString());
  *record.mutable_book()->mutable_zone() = ZoneToProto(Zone());
  return record;
}

void Workload::Fill(event::v1::Kind kind, const std::string& milestone, int64_t child,
                    int64_t matter, int agency, Item& item) {
  event::v1::Event event;
  event.set_contract(1);
  event::v1::Open& open = *event.mutable_open();
  open.set_event_id(absl::StrFormat("e-%012d", options_.given_before + given_));
  open.set_agency(AgencyName(agency));
  *open.mutable_occurred()->mutable_instant() = ToTimestamp(now_);
  *open.mutable_published() = ToTimestamp(now_);
  open.set_kind(kind);
  open.set_milestone(milestone);
  if (matter > 0) {  // else the child's standing matter
    open.mutable_matter()->set_agency(AgencyName(agency));
    open.mutable_matter()->set_id(absl::StrFormat("m-%010d", options_.given_before + matter));
  }
  open.set_sequence(static_cast<uint64_t>(options_.given_before + given_ + 1));
  if (kind == event::v1::KIND_REFERRAL_MADE) {
    open.set_to_agency(AgencyName((agency + 1) % options_.agencies));
  }
  open.set_service_type("family_support");
  open.set_role("social_worker");
  open.set_area("W06000015");
  open.set_language("cy");
  event::v1::Private& hidden = *event.mutable_private_();
  event::v1::Identifier& identifier = *hidden.add_child();
  identifier.set_issuer("case");
  identifier.set_value(absl::StrFormat("C%09d", child));
  hidden.set_practitioner("duty desk");
  hidden.set_text(std::string(140, 'x'));
  item.bytes = event.SerializeAsString();
  item.agency = agency;
  item.at = now_;
}

bool Workload::Next(Item& item) {
  if (given_ == options_.events) return false;
  now_ = begin_ + given_ * options_.step;
  std::uniform_real_distribution<double> share(0, 1);
  std::uniform_int_distribution<int64_t> any_child(0, options_.children - 1);
  std::uniform_int_distribution<int> any_agency(0, options_.agencies - 1);
  const double what = share(random_);
  if (what < options_.duplicates && !recent_.empty()) {
    item = recent_[random_() % recent_.size()];
    item.at = now_;
  } else if (!answers_.empty() && answers_.top().at <= now_) {
    const Answer answer = answers_.top();
    answers_.pop();
    Fill(event::v1::KIND_REFERRAL_ACCEPTED, "", answer.child, answer.matter, answer.agency, item);
  } else if (what < options_.duplicates + options_.starts / (1 - options_.starts)) {
    const int64_t child = any_child(random_);
    const int agency = any_agency(random_);
    ++clocks_;
    Fill(event::v1::KIND_REFERRAL_MADE, "", child, clocks_, agency, item);
    if (share(random_) < options_.breaches) {
      breached_.push_back(now_ + kAllowed);
    } else {
      const absl::Duration usual = absl::Seconds(600 + static_cast<int64_t>(random_() % 80000));
      answers_.push(
          {now_ + usual * absl::FDivDuration(options_.step, kUsualStep), child, clocks_, agency});
    }
  } else {
    Fill(event::v1::KIND_MILESTONE_REACHED, "child_seen", any_child(random_), 0,
         any_agency(random_), item);
  }
  if (recent_.size() < kRecent) {
    recent_.push_back(item);
  } else {
    recent_[given_ % kRecent] = item;
  }
  ++given_;
  return true;
}

int64_t Workload::expected_alerts() const {
  // Answers come within 22 hours and 24 minutes of their start at the latest, unless the workload
  // ended first.
  return std::count_if(breached_.begin(), breached_.end(),
                       [this](absl::Time due) { return due <= now_; });
}

}  // namespace dolen
