#include "projections/figures/figures_view.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "dolen/store/v1/store.pb.h"
#include "engine/base/status.h"
#include "engine/store/figures_codec.h"

namespace dolen {
void FiguresView::AddRows(const ChildKey& child, const ChildState& state, const Books& books,
                          Rows& rows) const {
  // What is known of an agency is made of when it was heard; it has no events of its own.
  if (state.history.entries().empty() || state.has_seals) return;
  const Figures now = FiguresOf(state.picture, state.alerts, books);
  if (now.empty() && state.figures_away.empty()) return;
  // The two parts are not added up here: that would cost in proportion to the child's past at each
  // of its events.
  store::v1::FiguresRow row;
  row.set_away(state.figures_away);
  row.set_now(EncodeFigures(now));
  row.set_language(state.picture.language);
  rows.push_back({std::string(child.bytes()), row.SerializeAsString()});
}

absl::Status ScanFiguresRows(const StoreReader& store,
                             absl::FunctionRef<absl::Status(const ChildFiguresRow&)> see) {
  const std::string prefix = ViewKey(FiguresView());
  ChildFiguresRow row;
  absl::Status result;
  DOLEN_RETURN_IF_ERROR(store.Scan(prefix, [&](absl::string_view key, absl::string_view value) {
    if (!ChildKey::FromBytes(key.substr(prefix.size()), row.child) ||
        !row.row.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
      result = absl::DataLossError("figures view: a row cannot be parsed");
    } else {
      result = see(row);
    }
    return result.ok();
  }));
  return result;
}

absl::Status ScanFigures(const StoreReader& store,
                         absl::FunctionRef<void(const ChildFigures&)> see) {
  ChildFigures child;
  return ScanFiguresRows(store, [&](const ChildFiguresRow& row) {
    child.child = row.child;
    child.language = row.row.language();
    child.figures = Figures();
    DOLEN_RETURN_IF_ERROR(DecodeFigures(row.row.away(), child.figures));
    DOLEN_RETURN_IF_ERROR(DecodeFigures(row.row.now(), child.figures));
    see(child);
    return absl::OkStatus();
  });
}

}  // namespace dolen
