// What ecc-run exits with, when it is not the guest's own status.
#pragma once

namespace ecc {

inline constexpr int status_refused = 125;     ///< refused, failed before the guest began, or memory ran out
inline constexpr int status_timeout = 124;     ///< ended by --timeout
inline constexpr int status_trap = 134;        ///< the guest trapped or ran into a limit
inline constexpr int status_signal_base = 128; ///< plus the number of the signal that ended the guest

} // namespace ecc
