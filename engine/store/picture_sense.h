// Whether a picture that was read from a row makes sense: every index in it leads somewhere, so
// that nobody after the reader need ask. Private to this room.
#ifndef DOLEN_ENGINE_STORE_PICTURE_SENSE_H_
#define DOLEN_ENGINE_STORE_PICTURE_SENSE_H_

#include "absl/strings/string_view.h"
#include "engine/child/picture.h"
#include "engine/pathway/books.h"

namespace dolen {

// The first thing that does not; empty: nothing. Lives for ever.
absl::string_view FaultIn(const Picture& picture, const Books& books);

}  // namespace dolen

#endif  // DOLEN_ENGINE_STORE_PICTURE_SENSE_H_
