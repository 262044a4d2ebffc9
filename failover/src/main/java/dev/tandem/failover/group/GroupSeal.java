package dev.tandem.failover.group;

import dev.tandem.failover.group.GroupCipher.Refused;
import dev.tandem.sync.hardening.SyncKey;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.Message;
import org.jgroups.PhysicalAddress;
import org.jgroups.stack.Protocol;
import org.jgroups.util.ByteArray;
import org.jgroups.util.MessageBatch;
import org.jgroups.util.Util;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lowest protocol of the stack above the transport, where the cluster has keys: what leaves is
 * a message that holds the encrypted other with all its headers and addresses, and nothing else
 * comes in. So whoever has no key can neither be found, nor join, nor say anything to the members
 * or in their name. JGroups' own {@code SYM_ENCRYPT} encrypts what a message carries and leaves the
 * headers open, by which the protocols talk.
 */
final class GroupSeal extends Protocol {
    private static final Logger LOG = LoggerFactory.getLogger(GroupSeal.class);

    /** So many different complaints are logged, once each. */
    private static final int MOST_COMPLAINTS = 16;

    private final GroupCipher cipher;
    private final AtomicLong refused = new AtomicLong();
    private final Set<String> complaints = ConcurrentHashMap.newKeySet();

    GroupSeal(List<SyncKey> keys) {
        this.cipher = new GroupCipher(keys);
    }

    /** From now on these, one at least; from any thread. */
    void keys(List<SyncKey> fresh) {
        cipher.keys(fresh);
    }

    /** Messages that were not believed; from any thread. */
    long refusedCount() {
        return refused.get();
    }

    @Override
    public Object down(Message message) {
        if (message.getSrc() == null) {
            message.setSrc(local_addr);
        }
        try {
            ByteArray plain = Util.messageToBuffer(message);
            Message sealed =
                    new BytesMessage(message.getDest())
                            .setSrc(message.getSrc())
                            .setFlag(message.getFlags(false), false)
                            .setFlag(message.getFlags(true), true);
            sealed.setArray(cipher.encrypt(plain.getArray(), plain.getOffset(), plain.getLength()));
            return down_prot.down(sealed);
        } catch (Exception e) {
            throw new IllegalStateException("a message could not be written", e);
        }
    }

    @Override
    public @Nullable Object up(Message sealed) {
        try {
            Message message = open(sealed);
            return up_prot.up(message);
        } catch (Refused e) {
            refused.incrementAndGet();
            complain(sealed, String.valueOf(e.getMessage()));
            return null;
        }
    }

    /** One by one: what a batch says of its messages is not proven. */
    @Override
    public void up(MessageBatch batch) {
        for (Message sealed : batch) {
            up(sealed);
        }
    }

    private Message open(Message sealed) throws Refused {
        if (!sealed.hasArray()) {
            throw new Refused("it is not encrypted, and this node has failover.keys");
        }
        byte[] plain = cipher.decrypt(sealed.getArray(), sealed.getOffset(), sealed.getLength());
        Message message;
        try {
            message = Util.messageFromBuffer(plain, 0, plain.length);
        } catch (Exception e) {
            throw new Refused("it cannot be read: " + e);
        }
        Address to = message.getDest();
        if (to != null && !(to instanceof PhysicalAddress) && !to.equals(local_addr)) {
            throw new Refused("it is for a process that was here before");
        }
        return message;
    }

    private void complain(Message sealed, String why) {
        String complaint = sealed.getSrc() + ": " + why;
        if (complaints.size() < MOST_COMPLAINTS && complaints.add(complaint)) {
            LOG.warn("a message of the group is not believed, from {}", complaint);
        }
    }
}
