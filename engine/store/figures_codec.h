// Figures as bytes, and back: in the row of a child, and in the view that is read across children.
// The same figures give the same bytes. Any thread; errors: kDataLoss the bytes do not fit
// together, or hold numbers that nothing can have counted.
#ifndef DOLEN_ENGINE_STORE_FIGURES_CODEC_H_
#define DOLEN_ENGINE_STORE_FIGURES_CODEC_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "dolen/store/v1/store.pb.h"
#include "engine/child/figures.h"

namespace dolen {

// Empty figures are no bytes.
std::string EncodeFigures(const Figures& figures);

// Adds what the bytes say to `figures`, which is of no use after an error.
absl::Status DecodeFigures(absl::string_view bytes, Figures& figures);

// Reads the groups of clocks of many children, one after the other, without making their Figures:
// for sums over all of them. It keeps its memory from call to call; for one thread.
class ClockGroupReader {
 public:
  // Calls `see` for each group; what it is shown lives until it returns. What was seen before an
  // error is of no use.
  absl::Status Read(absl::string_view bytes,
                    absl::FunctionRef<void(const ClockGroup&, const ClockFigures&)> see);

 private:
  store::v1::Figures row_;
  ClockGroup group_;
  ClockFigures its_;
};

}  // namespace dolen

#endif  // DOLEN_ENGINE_STORE_FIGURES_CODEC_H_
