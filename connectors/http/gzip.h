// The coding "gzip" (RFC 1952). zlib is included by gzip.cc only.
#ifndef DOLEN_CONNECTORS_HTTP_GZIP_H_
#define DOLEN_CONNECTORS_HTTP_GZIP_H_

#include <string>

#include "absl/strings/string_view.h"

namespace dolen {

// Equal bytes give equal results, with no time and no name in them, so that a strong entity tag may
// stand for them. The program is wrong (DOLEN_CHECK) if there is no memory.
std::string Gzip(absl::string_view bytes);

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_HTTP_GZIP_H_
