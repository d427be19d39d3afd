// Who may get into the account, and with what: one dialog with a section for each.

import type { ComponentType } from 'react';
import { Dialog, Heading, Modal, ModalOverlay, Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { useMessages } from '../../messages/language.js';
import { IconButton } from '../icon-button.js';
import { CloseIcon } from '../icons.js';
import { DevicesSection } from './devices-section.js';
import { EncryptionSection } from './encryption-section.js';
import { PassphraseSection } from './passphrase-section.js';
import { ProgramsSection } from './programs-section.js';
import { RecoverySection } from './recovery-section.js';

const SECTIONS = {
  programs: ProgramsSection, devices: DevicesSection, passphrase: PassphraseSection, recovery: RecoverySection, encryption: EncryptionSection,
} satisfies Record<string, ComponentType>;

export function SettingsDialog({ isOpen, onClose }: { isOpen: boolean; onClose(): void }) {
  const { settings } = useMessages();
  return (
    <ModalOverlay className="modal-overlay" isOpen={isOpen} onOpenChange={onClose} isDismissable>
      <Modal className="modal settings-modal">
        <Dialog className="dialog settings-dialog">
          <div className="settings-head">
            <Heading slot="title">{settings.title}</Heading>
            <IconButton label={settings.close} onPress={onClose}><CloseIcon size={18} /></IconButton>
          </div>
          <Tabs className="settings-tabs" keyboardActivation="manual">
            <TabList className="settings-tab-list" aria-label={settings.sections}>
              {Object.keys(SECTIONS).map((name) => <Tab key={name} id={name} className="settings-tab">{settings.tabs[name as keyof typeof SECTIONS]}</Tab>)}
            </TabList>
            {Object.entries(SECTIONS).map(([name, Section]) => <TabPanel key={name} id={name} className="settings-panel"><Section /></TabPanel>)}
          </Tabs>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
