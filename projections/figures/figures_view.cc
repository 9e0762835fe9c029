#include "projections/figures/figures_view.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "dolen/store/v1/store.pb.h"
#include "engine/base/status.h"
#include "engine/store/figures_codec.h"
#include "engine/store/keys.h"

namespace dolen {
namespace {

absl::Status ReadPages(const StoreReader& store, ChildFiguresRow& row) {
  row.pages.clear();
  if (row.row.pages() == 0) return absl::OkStatus();
  DOLEN_RETURN_IF_ERROR(
      store.Scan(keys::FiguresPagesOf(row.child), [&](absl::string_view, absl::string_view page) {
        row.pages.emplace_back(page);
        return true;
      }));
  if (row.pages.size() == row.row.pages()) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("figures view: child ", row.child.Hex(), " has ",
                                          row.pages.size(), " pages and not ", row.row.pages()));
}

}  // namespace

void FiguresView::AddRows(const ChildKey& child, const ChildState& state, const Books& books,
                          Rows& rows) const {
  // What is known of an agency is made of when it was heard; it has no events of its own.
  if (state.history.entries().empty() || state.has_seals) return;
  const Figures now = FiguresOf(state.picture, state.alerts, books);
  if (now.empty() && state.figure_pages == 0) return;
  store::v1::FiguresRow row;
  row.set_pages(state.figure_pages);
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
      result = ReadPages(store, row);
      if (result.ok()) result = see(row);
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
    for (const std::string& page : row.pages) {
      DOLEN_RETURN_IF_ERROR(DecodeFigures(page, child.figures));
    }
    DOLEN_RETURN_IF_ERROR(DecodeFigures(row.row.now(), child.figures));
    see(child);
    return absl::OkStatus();
  });
}

}  // namespace dolen
