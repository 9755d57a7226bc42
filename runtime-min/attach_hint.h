// What to try when a program cannot be attached, by the errno that attaching gave.
#pragma once

#include "packager/package/object_facts.h"

#include <string>

namespace ecc {

/// `error` is a positive errno. Empty if there is nothing better than the errno's text.
std::string attach_hint(ProgramType type, int error);

} // namespace ecc
