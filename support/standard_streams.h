// Standard input, output and error that whoever started the program closed.
#pragma once

namespace ecc {

/// Opens /dev/null for those that are missing, the wrong way around, so that using them fails as it would have
/// done, and no file that is opened later takes their numbers. Call it first in main.
void occupy_standard_streams();

} // namespace ecc
