#include "runtime-min/object_accounts.h"

#include <utility>

namespace ecc {

void ObjectAccounts::set(const BpfObject* object, const ObjectUsage& usage) {
    auto& account = open_[object];
    if (!account)
        account = std::make_unique<Account>();
    account->usage = usage;
}

void ObjectAccounts::add_hold(const BpfObject* holder, const BpfObject* held) {
    if (holder != held)
        open_.at(holder)->holds.insert(open_.at(held).get());
}

void ObjectAccounts::pin(const BpfObject* object) {
    open_.at(object)->pinned = true;
}

void ObjectAccounts::close(const BpfObject* object) {
    auto node = open_.extract(object);
    if (node.empty())
        return;
    closed_.push_back(std::move(node.mapped()));
    remove_unheld();
}

void ObjectAccounts::remove_unheld() {
    std::set<const Account*> kept;
    std::vector<const Account*> left;
    for (const auto& [object, account] : open_)
        left.push_back(account.get());
    for (const auto& account : closed_) {
        if (account->pinned)
            left.push_back(account.get());
    }
    while (!left.empty()) {
        const auto* account = left.back();
        left.pop_back();
        if (kept.insert(account).second)
            left.insert(left.end(), account->holds.begin(), account->holds.end());
    }
    std::erase_if(closed_, [&](const auto& account) { return !kept.contains(account.get()); });
}

ObjectUsage ObjectAccounts::total_without(const BpfObject* object) const {
    ObjectUsage all;
    for (const auto& [other, account] : open_) {
        if (other != object)
            all.add(account->usage);
    }
    for (const auto& account : closed_)
        all.add(account->usage);
    return all;
}

} // namespace ecc
