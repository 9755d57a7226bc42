// What libbpf's BTF reader and printer do not check and a hostile blob could use: type ids and names that
// they take on trust, and nesting without end. In: a blob or a parsed BTF. Out: nothing, or an input error
// that says what is wrong with it.
#pragma once

#include "btfgen/btf_handle.h"
#include "support/bytes.h"
#include "support/result.h"

#include <string>

namespace ecc {

/// Reads the blob with libbpf and checks ids and names. Big-endian BTF is refused with that reason.
Result<BtfHandle> read_btf(ByteView blob, const std::string& where);

/// The same of the running kernel, whose /sys/kernel/btf/vmlinux must be there: mapped where the kernel
/// allows it (since 6.15), which saves two copies of 5 MB.
Result<BtfHandle> read_running_kernel_btf(const std::string& where);

/// The bytes that libbpf read, while it has them.
ByteView raw_btf(const btf* types);

/// Checks that btf_dump ends, in bounded stack and output: no type that contains itself other than through a
/// pointer to a named one, no deeper nesting than any kernel has, no expansion without bound.
Result<void> check_printable(const btf* types, const std::string& where);

} // namespace ecc
