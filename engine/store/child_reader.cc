#include "engine/store/child_reader.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/status.h"
#include "engine/store/keys.h"

namespace dolen {

absl::StatusOr<const ChildState*> ChildReader::Find(const ChildKey& child) {
  DOLEN_ASSIGN_OR_RETURN(const absl::optional<std::string> row, store_->Get(keys::Child(child)));
  if (!row) return nullptr;
  return Take(child, *row);
}

absl::StatusOr<const ChildState*> ChildReader::Take(const ChildKey& child, absl::string_view row) {
  child_ = child;
  DOLEN_RETURN_IF_ERROR(rows_.Decode(child, row, *books_, *store_, state_));
  return state_.history.entries().empty() ? nullptr : &state_;
}

absl::StatusOr<std::vector<Event>> ChildReader::Events(Privates* hidden) {
  std::vector<std::string> names;
  for (const History::Entry& entry : state_.history.entries()) {
    names.push_back(keys::Event(entry.position));
  }
  DOLEN_ASSIGN_OR_RETURN(const std::vector<std::string> rows, store_->GetAll(names));
  std::vector<Event> events(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    const int64_t position = state_.history.entries()[i].position;
    DOLEN_RETURN_IF_ERROR(event_rows_.Decode(position, rows[i], events[i]));
    if (hidden == nullptr || event_rows_.last().private_().empty()) continue;
    if (!(*hidden)[position].ParseFromString(event_rows_.last().private_())) {
      return absl::DataLossError(
          absl::StrCat("event row ", position, ": its private part cannot be parsed"));
    }
  }
  return InOrder(std::move(events));
}

absl::StatusOr<Alerts> ChildReader::AllAlerts() {
  Alerts alerts = state_.alerts;
  for (uint32_t page = 0; page < state_.alert_pages; ++page) {
    DOLEN_ASSIGN_OR_RETURN(const absl::optional<std::string> row,
                           store_->Get(keys::AlertPage(child_, page)));
    if (!row) {
      return absl::DataLossError(absl::StrCat("child ", child_.Hex(), ": alert page ", page, " of ",
                                              state_.alert_pages, " is missing"));
    }
    DOLEN_RETURN_IF_ERROR(rows_.DecodeAlerts(*row, *books_, alerts));
  }
  std::sort(alerts.begin(), alerts.end(), Before);
  return alerts;
}

}  // namespace dolen
