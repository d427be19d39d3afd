import type { Ref } from 'react';
import { useMessages } from '../messages/language.js';
import { Dove } from './dove.js';
import { CloseIcon, MenuIcon } from './icons.js';
import { IconButton } from './icon-button.js';
import { SearchBox } from './search-box.js';
import { SyncStatusButton } from './sync-status-button.js';

export interface TopBarProps {
  search: string;
  searchRef: Ref<HTMLInputElement>;
  isMenuOpen: boolean;
  onMenu(): void;
  onSearch(text: string): void;
  onClearSearch(): void;
}

export function TopBar({ search, searchRef, isMenuOpen, onMenu, onSearch, onClearSearch }: TopBarProps) {
  const { appName, navigation } = useMessages();
  return (
    <header className="top-bar">
      <IconButton className="menu-button" label={isMenuOpen ? navigation.closeMenu : navigation.menu} aria-expanded={isMenuOpen} onPress={onMenu}>
        {isMenuOpen ? <CloseIcon /> : <MenuIcon />}
      </IconButton>
      <span className="brand"><Dove size={30} /><span className="brand-name">{appName}</span></span>
      <SearchBox search={search} inputRef={searchRef} onSearch={onSearch} onClear={onClearSearch} />
      <SyncStatusButton />
    </header>
  );
}
