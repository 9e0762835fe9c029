// The form and the check digits of identifiers. Pure. Sources: NHS Data Dictionary, "NHS Number";
// Department for Education, "Unique pupil numbers: a guide for local authorities and schools".
#ifndef DOLEN_ENGINE_ADMISSION_IDENTIFIERS_H_
#define DOLEN_ENGINE_ADMISSION_IDENTIFIERS_H_

#include "absl/strings/string_view.h"

namespace dolen {

// A number or name by which one issuer knows the child; both views belong to the received value.
struct IdentifierView {
  absl::string_view issuer;
  absl::string_view value;
};

// Ten digits; the last is 11 minus the weighted sum (10 to 2) of the others modulo 11.
bool IsNhsNumber(absl::string_view value);

// A check letter and 12 digits or, while temporary, 11 digits and a letter. The local authority in
// the second to fourth place must not be 000; whether it exists is not checked.
bool IsUpn(absl::string_view value);

}  // namespace dolen

#endif  // DOLEN_ENGINE_ADMISSION_IDENTIFIERS_H_
