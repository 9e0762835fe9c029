#include "engine/shard/children.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "engine/base/check.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/store/figures_codec.h"
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

void Children::PutPage(std::string key, std::string row, Child& child) {
  batch_->Put(key, row);
  child.fresh.emplace_back(std::move(key), std::move(row));
}

absl::StatusOr<std::string> Children::PageOf(const Child& child, absl::string_view kind,
                                             const std::string& key) const {
  for (const auto& [fresh, row] : child.fresh) {
    if (fresh == key) return row;
  }
  DOLEN_ASSIGN_OR_RETURN(absl::optional<std::string> row, store_->Get(key));
  if (row) return *std::move(row);
  const uint64_t page = keys::FromBigEndian(absl::string_view(key).substr(key.size() - 4));
  return absl::DataLossError(
      absl::StrCat("child ", child.key.Hex(), ": ", kind, " page ", page, " is missing"));
}

void Children::PutAway(const Forgotten& forgotten, Child& child) {
  if (!forgotten.alerts.empty()) {
    PutPage(keys::AlertPage(child.key, child.state.alert_pages++),
            codec_.EncodeAlerts(forgotten.alerts), child);
  }
  if (!forgotten.figures.empty()) {
    PutPage(keys::FiguresPage(child.key, child.state.figure_pages++),
            EncodeFigures(forgotten.figures), child);
  }
}

absl::StatusOr<Alerts> Children::AllAlerts(const Child& child) {
  Alerts alerts = child.state.alerts;
  for (uint32_t page = 0; page < child.state.alert_pages; ++page) {
    DOLEN_ASSIGN_OR_RETURN(const std::string row,
                           PageOf(child, "alert", keys::AlertPage(child.key, page)));
    DOLEN_RETURN_IF_ERROR(codec_.DecodeAlerts(row, *books_, alerts));
  }
  std::sort(alerts.begin(), alerts.end(), Before);
  return alerts;
}

absl::StatusOr<Figures> Children::AllFigures(const Child& child) {
  Figures figures = FiguresOf(child.state.picture, child.state.alerts, *books_);
  for (uint32_t page = 0; page < child.state.figure_pages; ++page) {
    DOLEN_ASSIGN_OR_RETURN(const std::string row,
                           PageOf(child, "figures", keys::FiguresPage(child.key, page)));
    DOLEN_RETURN_IF_ERROR(DecodeFigures(row, figures));
  }
  return figures;
}

absl::Status Children::TakeBack(Child& child) {
  ChildState& state = child.state;
  if (state.alert_pages > 0) {
    DOLEN_ASSIGN_OR_RETURN(state.alerts, AllAlerts(child));
  }
  for (; state.alert_pages > 0; --state.alert_pages) {
    batch_->Delete(keys::AlertPage(child.key, state.alert_pages - 1));
  }
  for (; state.figure_pages > 0; --state.figure_pages) {
    batch_->Delete(keys::FiguresPage(child.key, state.figure_pages - 1));
  }
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
    const bool is_followed = keeps_changes_ && views_[i]->is_followed();
    Rows rows;
    views_[i]->AddRows(child.key, child.state, *books_, rows);
    for (const Row& old : before) {
      if (IsIn(rows, old.key)) continue;
      view_puts_.push_back({ViewKey(*views_[i], old.key), absl::nullopt});
      if (!is_followed) continue;
      row_changes_.push_back({view_puts_.back().key, old.value, absl::nullopt});
    }
    for (const Row& row : rows) {
      const auto old = std::find_if(before.begin(), before.end(),
                                    [&](const Row& one) { return one.key == row.key; });
      const bool was_there = old != before.end(), is_same = was_there && old->value == row.value;
      if (is_same && !child.rows_are_old) continue;
      view_puts_.push_back({ViewKey(*views_[i], row.key), row.value});
      if (!is_followed || is_same) continue;
      RowChange& change = row_changes_.emplace_back();
      change.key = view_puts_.back().key;
      if (was_there) change.before = std::move(old->value);
      change.now = row.value;
    }
    before = std::move(rows);
  }
  child.rows_known = true;
}

void Children::Put() {
  for (Child* child : by_age_) {
    if (child->changed) MakeRow(*child);
  }
  // In the order of their keys, which is the order of RocksDB's own table in memory: finding the
  // place of each anew would cost more than all else that is done for a row.
  std::sort(made_.begin(), made_.end());
  made_.erase(std::unique(made_.begin(), made_.end()), made_.end());
  for (const ChildKey& key : made_) batch_->Put(keys::Child(key), *rows_.Find(key));
  std::stable_sort(view_puts_.begin(), view_puts_.end(),
                   [](const ViewPut& a, const ViewPut& b) { return a.key < b.key; });
  for (auto put = view_puts_.begin(); put != view_puts_.end(); ++put) {
    const auto next = std::next(put);
    if (next != view_puts_.end() && next->key == put->key) continue;  // the last one counts
    if (put->value) {
      batch_->Put(put->key, *put->value);
    } else {
      batch_->Delete(put->key);
    }
  }
  view_puts_.clear();
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
