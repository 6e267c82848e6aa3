use remoting::model::constants::Perm;

use super::Registry;

/// What to do with the write permission of a broker's topics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WritePermission {
    Wipe,
    /// The permission is then exactly read and write, as in Java.
    Add,
}

impl Registry {
    /// Changes the permission of all topics on a broker, and returns their number. Java: `operateWritePermOfBroker`.
    pub(crate) fn change_write_permission(&self, broker_name: &str, change: WritePermission) -> usize {
        let _live = self.lock();
        let groups = self.groups.load();
        let Some(group) = groups.by_name(broker_name) else { return 0 };
        let (mut changes, mut count) = (self.topics.change(), 0);
        self.topics.for_each(|route| {
            let Some(queues) = route.queues_of(group.id) else { return };
            count += 1;
            let perm = match change {
                WritePermission::Wipe => Perm(queues.perm) & !Perm::WRITE,
                WritePermission::Add => Perm::READ | Perm::WRITE,
            };
            if perm.0 != queues.perm {
                let mut queues = *queues;
                queues.perm = perm.0;
                let mut changed = route.to_changed();
                changed.set_queues(queues);
                changes.set(changed);
            }
        });
        changes.publish();
        count
    }
}
