#include "compiler/vmlinux_source.h"

#include "support/files.h"
#include "support/near_files.h"

#include <fmt/format.h>

namespace ecc {
namespace {

using Clock = std::chrono::steady_clock;

std::unexpected<Error> no_kernel_btf() {
    return environment_error(
        running_kernel, "this kernel offers no BTF to make vmlinux.h from",
        "give one with --btf FILE, for example of another machine's /sys/kernel/btf/vmlinux, "
        "or put a vmlinux.h beside the source");
}

Result<Bytes> read_given_btf(const KernelTarget& target) {
    Result<Bytes> bytes = read_file(*target.btf);
    if (!bytes && near_files(*target.btf).empty())
        bytes.error().hint =
            fmt::format("a copy of {} from a machine with {}", running_kernel, target.architecture->machine);
    return bytes;
}

} // namespace

Result<Bytes> read_kernel_btf() {
    if (Result<Bytes> bytes = read_file(running_kernel))
        return bytes;
    return no_kernel_btf();
}

Result<VmlinuxBtf> VmlinuxSource::parse_btf() const {
    if (target_.btf && *target_.btf != running_kernel) {
        ECC_TRY(const Bytes blob, read_given_btf(target_));
        return VmlinuxBtf::parse(blob, target_.btf->string());
    }
    std::error_code ignored;
    if (!std::filesystem::exists(running_kernel, ignored))
        return no_kernel_btf();
    return VmlinuxBtf::running_kernel(running_kernel);
}

VmlinuxSource::Read VmlinuxSource::read_btf() const {
    const auto start = Clock::now();
    auto btf = parse_btf();
    return {std::move(btf), Clock::now() - start};
}

void VmlinuxSource::prefetch() {
    reading_ = std::async(std::launch::async, [this] { return read_btf(); });
}

bool VmlinuxSource::is_of_another_architecture() const {
    return !target_.btf && target_.architecture != &host_architecture();
}

Result<std::string> VmlinuxSource::make_header() {
    if (!btf_) {
        auto read = reading_.valid() ? reading_.get() : read_btf();
        cost_ += read.cost;
        ECC_TRY(btf_, std::move(read.btf));
    }
    const auto start = Clock::now();
    auto text = make_text();
    cost_ += Clock::now() - start;
    return text;
}

Result<std::string> VmlinuxSource::make_text() const {
    if (!want_full_)
        if (const Result<Identifiers> identifiers = identifiers_())
            if (Result<std::string> cut = btf_->cut_header(*identifiers))
                return cut;
    return btf_->full_header();
}

std::optional<std::string> VmlinuxSource::header() {
    std::optional<std::string>& known = want_full_ ? full_ : cut_;
    if (known || error_)
        return known;
    Result<std::string> made = make_header();
    if (made)
        known =
            is_of_another_architecture() ? with_registers_of(*target_.architecture, *made) : *std::move(made);
    else
        error_ = std::move(made).error();
    return known;
}

const Architecture* VmlinuxSource::architecture() const {
    const auto btf = parse_btf();
    if (!btf)
        return nullptr;
    const auto registers = btf->cut_header({register_types.begin(), register_types.end()});
    return registers ? architecture_of(*registers) : nullptr;
}

bool VmlinuxSource::use_full_header() {
    if (want_full_ || !cut_)
        return false;
    return want_full_ = true;
}

} // namespace ecc
