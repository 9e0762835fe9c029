#include "engine/shard/children.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "engine/base/check.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/store/keys.h"

namespace dolen {
namespace {
// Parsed children, some 2 KB each: as many as stay in a processor's own cache. Parsing a row that
// is at hand costs less than fetching a state that was spread over memory long ago.
constexpr size_t kParsed = 256;

// The pages that belong to its row are in the batch, and not in the store to be read again, until
// the batch is written.
bool MustStay(const Children::Child& child) {
  return !child.fresh.empty() ||
         (child.changed && child.state.history.entries().size() >= kIndexPage);
}

bool IsIn(const Rows& rows, absl::string_view key) {
  return std::any_of(rows.begin(), rows.end(), [&](const Row& row) { return row.key == key; });
}
}  // namespace

absl::StatusOr<Children::Child*> Children::Find(const ChildKey& key) {
  if (auto known = parsed_.find(key); known != parsed_.end()) return known->second.get();
  std::unique_ptr<Child> child = MakeRoom();
  child->key = key;
  child->rows_known = false;
  DOLEN_RETURN_IF_ERROR(Read(*child));
  by_age_.push_back(child.get());
  return parsed_.emplace(key, std::move(child)).first->second.get();
}

absl::Status Children::Read(Child& child) {
  const std::string* row = rows_.Find(child.key);
  if (row == nullptr) {
    DOLEN_ASSIGN_OR_RETURN(absl::optional<std::string> stored, store_->Get(keys::Child(child.key)));
    if (stored) row = rows_.Put(child.key, *std::move(stored));
  }
  if (row == nullptr) {
    child.state = ChildState();
    child.state.picture.books = books_->publications();
  } else {
    DOLEN_RETURN_IF_ERROR(codec_.Decode(child.key, *row, *books_, *store_, child.state));
  }
  child.pages_written = static_cast<uint32_t>(child.state.history.entries().size() / kIndexPage);
  return absl::OkStatus();
}

// A child whose memory can be used for another.
std::unique_ptr<Children::Child> Children::MakeRoom() {
  if (by_age_.size() < kParsed) return std::make_unique<Child>();
  Child* const oldest = by_age_.front();
  by_age_.pop_front();
  if (MustStay(*oldest)) {
    by_age_.push_back(oldest);
    return std::make_unique<Child>();
  }
  if (oldest->changed) MakeRow(*oldest);
  const auto place = parsed_.find(oldest->key);
  std::unique_ptr<Child> room = std::move(place->second);
  parsed_.erase(place);
  return room;
}

void Children::Change(Child& child) {
  if (child.changed) return;
  child.changed = true;
  // A picture drawn with fewer books is still read with these, since Add never changes a version;
  // but a day may begin at another time in a zone that was published anew.
  child.rows_are_old = child.state.picture.books != books_->publications();
  if (child.rows_known) return;
  child.rows_before.resize(views_.size());
  for (size_t i = 0; i < views_.size(); ++i) {
    child.rows_before[i].clear();
    views_[i]->AddRows(child.key, child.state, *books_, child.rows_before[i]);
  }
}

void Children::PutAway(const Alerts& alerts, Child& child) {
  if (alerts.empty()) return;
  const uint32_t page = child.state.alert_pages++;
  child.fresh.emplace_back(page, codec_.EncodeAlerts(alerts));
  batch_->Put(keys::AlertPage(child.key, page), child.fresh.back().second);
}

absl::StatusOr<Alerts> Children::AllAlerts(const Child& child) {
  Alerts alerts = child.state.alerts;
  for (uint32_t page = 0; page < child.state.alert_pages; ++page) {
    const auto fresh = std::find_if(child.fresh.begin(), child.fresh.end(),
                                    [&](const auto& one) { return one.first == page; });
    absl::optional<std::string> row;
    if (fresh != child.fresh.end()) {
      row = fresh->second;
    } else {
      DOLEN_ASSIGN_OR_RETURN(row, store_->Get(keys::AlertPage(child.key, page)));
    }
    if (!row) {
      return absl::DataLossError(absl::StrCat("child ", child.key.Hex(), ": alert page ", page,
                                              " of ", child.state.alert_pages, " is missing"));
    }
    DOLEN_RETURN_IF_ERROR(codec_.DecodeAlerts(*row, *books_, alerts));
  }
  std::sort(alerts.begin(), alerts.end(), Before);
  return alerts;
}

absl::Status Children::TakeBack(Child& child) {
  if (child.state.alert_pages == 0) return absl::OkStatus();
  DOLEN_ASSIGN_OR_RETURN(child.state.alerts, AllAlerts(child));
  for (uint32_t page = 0; page < child.state.alert_pages; ++page) {
    batch_->Delete(keys::AlertPage(child.key, page));
  }
  child.state.alert_pages = 0;
  child.fresh.clear();
  return absl::OkStatus();
}

void Children::MakeRow(Child& child) {
  std::string row;
  child.pages_written =
      codec_.Encode(child.key, child.state, *books_, child.pages_written, row, *batch_);
  rows_.Put(child.key, std::move(row));
  made_.push_back(child.key);
  PutViewRows(child);
  child.changed = false;
}

void Children::PutViewRows(Child& child) {
  for (size_t i = 0; i < views_.size(); ++i) {
    Rows& before = child.rows_before[i];
    Rows rows;
    views_[i]->AddRows(child.key, child.state, *books_, rows);
    for (const Row& old : before) {
      if (IsIn(rows, old.key)) continue;
      const std::string key = ViewKey(*views_[i], old.key);
      batch_->Delete(key);
      if (keeps_changes_) row_changes_.push_back({key, old.value, absl::nullopt});
    }
    for (const Row& row : rows) {
      const bool is_there = std::find(before.begin(), before.end(), row) != before.end();
      if (is_there && !child.rows_are_old) continue;
      const std::string key = ViewKey(*views_[i], row.key);
      batch_->Put(key, row.value);
      if (keeps_changes_ && !is_there) row_changes_.push_back({key, absl::nullopt, row.value});
    }
    before = std::move(rows);
  }
  child.rows_known = true;
}

void Children::Put() {
  for (Child* child : by_age_) {
    if (child->changed) MakeRow(*child);
  }
  // In the order of their keys, which is the order of RocksDB's own table in memory.
  std::sort(made_.begin(), made_.end());
  made_.erase(std::unique(made_.begin(), made_.end()), made_.end());
  for (const ChildKey& key : made_) batch_->Put(keys::Child(key), *rows_.Find(key));
}

void Children::Settle() {
  made_.clear();
  for (Child* child : by_age_) child->fresh.clear();
  rows_.LetOldGo();
  while (by_age_.size() > kParsed) (void)MakeRoom();
}

void Children::Forget() {
  DOLEN_CHECK(made_.empty());
  parsed_.clear();
  by_age_.clear();
}

}  // namespace dolen
