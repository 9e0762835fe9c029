// One try on a socket, which never waits: what a connection's Wire and the TLS upon it are made of.
#ifndef DOLEN_CONNECTORS_HTTP_ATTEMPT_H_
#define DOLEN_CONNECTORS_HTTP_ATTEMPT_H_

#include <cstddef>

#include "absl/strings/string_view.h"

namespace dolen {

enum class AttemptEnd {
  kDone,          // `count` bytes went through
  kWhenReadable,  // nothing yet: try again when the socket can be read
  kWhenWritable,  // likewise, written
  kEnded,         // the other side has finished sending
  kBroken,        // nothing will go through again
};

struct Attempt {
  AttemptEnd outcome = AttemptEnd::kBroken;
  size_t count = 0;
};

// `most` and the size of `bytes` are not 0.
Attempt ReceiveOn(int fd, char* to, size_t most);
Attempt SendOn(int fd, absl::string_view bytes);

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_HTTP_ATTEMPT_H_
