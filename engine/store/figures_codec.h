// Figures as bytes, and back: in the row of a child, and in the view that is read across children.
// The same figures give the same bytes. Any thread; errors: kDataLoss the bytes do not fit
// together, or hold numbers that nothing can have counted.
#ifndef DOLEN_ENGINE_STORE_FIGURES_CODEC_H_
#define DOLEN_ENGINE_STORE_FIGURES_CODEC_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "engine/child/figures.h"

namespace dolen {

// Empty figures are no bytes.
std::string EncodeFigures(const Figures& figures);

// Adds what the bytes say to `figures`, which is of no use after an error.
absl::Status DecodeFigures(absl::string_view bytes, Figures& figures);

}  // namespace dolen

#endif  // DOLEN_ENGINE_STORE_FIGURES_CODEC_H_
